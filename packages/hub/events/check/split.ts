import { endOfString, endOfValue, skipSpace } from "./scan.ts";

/** Where a batch keeps its events: a field at the top, or "" when the body is the list itself. */
export type ListPath = "events" | "batch" | "";

/** A batch taken apart: the source text of each element, and the text around the list with the list emptied. */
export type Split = { readonly frame: string; readonly elements: readonly string[] };

/**
 * The exact source texts of a batch's elements, so that what is set aside is what the sender sent and one broken
 * element does not spoil the others. Undefined when there is no such list. One pass; builds only the slices.
 */
export function splitElements(text: string, path: ListPath): readonly string[] | undefined {
  return splitBatch(text, path)?.elements;
}

export function splitBatch(text: string, path: ListPath): Split | undefined {
  const top = skipSpace(text, 0);
  const start = path === "" ? top : findField(text, top, path);
  if (start === undefined || text[start] !== "[") return undefined;
  const elements: string[] = [];
  let at = skipSpace(text, start + 1);
  while (at < text.length && text[at] !== "]") {
    const end = endOfValue(text, at);
    elements.push(text.slice(at, end));
    at = skipSpace(text, end);
    if (text[at] === ",") at = skipSpace(text, at + 1);
    else if (text[at] !== "]") return undefined;
  }
  if (at >= text.length) return undefined;
  return { frame: `${text.slice(0, start)}[]${text.slice(at + 1)}`, elements };
}

/** Where the value of a field at the top begins. Of two with the same name the last one counts, as `JSON.parse` has it. */
function findField(text: string, top: number, name: string): number | undefined {
  if (text[top] !== "{") return undefined;
  let found: number | undefined;
  let at = skipSpace(text, top + 1);
  while (text[at] === '"') {
    const close = endOfString(text, at);
    if (close < 0) return undefined;
    const isIt = nameAt(text, at, close) === name;
    at = skipSpace(text, close + 1);
    if (text[at] !== ":") return undefined;
    at = skipSpace(text, at + 1);
    if (isIt) found = at;
    at = skipSpace(text, endOfValue(text, at));
    if (text[at] !== ",") break;
    at = skipSpace(text, at + 1);
  }
  return text[at] === "}" ? found : undefined;
}

function nameAt(text: string, open: number, close: number): string {
  const raw = text.slice(open + 1, close);
  if (!raw.includes("\\")) return raw;
  try {
    return String(JSON.parse(`"${raw}"`));
  } catch {
    return raw;
  }
}
