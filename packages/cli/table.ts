/** A column: its heading and how it stands. A `wide` one is broken into lines where the rest would not fit. */
export type Column = { readonly heading: string; readonly align?: "left" | "right"; readonly wide?: boolean };

const gap = "  ";
const wideMin = 12;

/** How many columns a terminal needs for a text; marks that stand on the letter before them need none. */
const widthOf = (text: string): number => [...text.replaceAll(/\p{Mn}/gu, "")].length;

/** Control characters of what others wrote would move the cursor or change colours. */
const printable = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}]+/gu, " ");

/** Rows as aligned text of at most `columns` characters a line, as far as the wide columns can give way. */
export function table(head: readonly Column[], rows: readonly (readonly string[])[], columns = 80): string {
  const all = [head.map(({ heading }) => heading), ...rows].map((row) => row.map(printable));
  const widths = widthsOf(head, all, columns);
  return all.flatMap((row) => linesOf(row, widths, head)).join("");
}

function widthsOf(head: readonly Column[], all: readonly (readonly string[])[], columns: number): number[] {
  const widths = head.map((_, i) => Math.max(...all.map((row) => widthOf(row[i] ?? ""))));
  const room = columns - gap.length * (head.length - 1);
  for (let over = widths.reduce((sum, width) => sum + width, 0) - room; over > 0; over--) {
    const shrinkable = head.flatMap(({ wide }, i) => (wide === true && widths[i]! > wideMin ? [i] : []));
    if (shrinkable.length === 0) break;
    const widest = shrinkable.reduce((best, i) => (widths[i]! > widths[best]! ? i : best));
    widths[widest]! -= 1;
  }
  return widths;
}

/** One row, as many lines high as its highest cell. */
function linesOf(row: readonly string[], widths: readonly number[], head: readonly Column[]): string[] {
  const cells = row.map((text, i) => (head[i]?.wide === true ? breakText(text, widths[i]!) : [text]));
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, at) => {
    const texts = cells.map((lines, i) => pad(lines[at] ?? "", widths[i]!, head[i]?.align));
    return `${texts.join(gap).trimEnd()}\n`;
  });
}

function pad(text: string, width: number, align: Column["align"]): string {
  const room = " ".repeat(Math.max(0, width - widthOf(text)));
  return align === "right" ? room + text : text + room;
}

/** Lines of at most `width` characters, broken between words, and inside of a word only when it is longer. */
function breakText(text: string, width: number): string[] {
  const indent = /^ */.exec(text)![0];
  const lines: string[] = [];
  let line = "";
  for (const word of text.trim().split(/\s+/)) {
    const longer = line === "" ? indent + word : `${line} ${word}`;
    if (widthOf(longer) > width && line !== "") {
      lines.push(line);
      line = indent + word;
    } else line = longer;
    while (widthOf(line) > width) {
      const letters = [...line];
      lines.push(letters.slice(0, width).join(""));
      line = indent + letters.slice(width).join("");
    }
  }
  return [...lines, line];
}

/** A text in lines of at most `columns`; those after the first are indented as far as `lead` reaches. */
export function wrap(text: string, lead = "", columns = 80): string {
  const indent = " ".repeat(widthOf(lead));
  const lines = breakText(printable(text), Math.max(wideMin, columns - indent.length));
  return lines.map((line, i) => `${i === 0 ? lead : indent}${line}\n`).join("");
}
