import { mayImport, mayUse, notes } from "../boundaries.ts";

/** Prints docs/reference/boundaries.md: the table of tools/boundaries.ts, and its picture. */
export function printBoundaries(): string {
  return `# Who may import whom

*Printed from \`tools/boundaries.ts\` by \`npm run generate\`; a test keeps both alike.*

Imports go down, never sideways, and only through the door: \`@trato/<package>\` between packages, \`index.ts\` between
folders of the hub. Imports of types count. Tests, \`bench\` and \`tools\` may import anything; nobody imports them.

| Folder | May import | Why |
| --- | --- | --- |
${Object.keys(mayImport).map(row).join("\n")}

What a package without input and output may use from outside the repository:

| Package | May use |
| --- | --- |
${Object.entries(mayUse)
  .map(([name, uses]) => `| ${code(name)} | ${outsideOf(uses)} |`)
  .join("\n")}

An arrow points to what is imported. What can be reached along other arrows is left out of the picture, not forbidden.

\`\`\`mermaid
flowchart TD
${picture().join("\n")}
\`\`\`
`;
}

const code = (text: string): string => `\`${text}\``;

function row(area: string): string {
  const allowed = (mayImport[area] ?? []).map(code).join(", ") || "nothing";
  return `| ${code(area)} | ${allowed} | ${notes[area] ?? ""} |`;
}

function outsideOf(uses: Readonly<Record<string, readonly string[]>>): string {
  const said = Object.entries(uses).map(
    ([module, files]) => `${code(module)} in ${files.map(code).join(", ")}`,
  );
  return said.length === 0 ? "nothing" : said.join("; ");
}

/** The arrows that no longer way explains. */
function picture(): string[] {
  return Object.entries(mayImport).flatMap(([area, allowed]) =>
    allowed
      .filter((to) => !allowed.some((via) => via !== to && reaches(via, to)))
      .map((to) => `  ${node(area)} --> ${node(to)}`),
  );
}

function reaches(from: string, to: string): boolean {
  const next = mayImport[from] ?? [];
  return next.includes(to) || next.some((via) => reaches(via, to));
}

const node = (area: string): string =>
  `${area.replace("/", "_")}["${area === "hub" ? "hub/main.ts" : area}"]`;
