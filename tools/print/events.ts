import type { EventType } from "@trato/contract";
import { printJson } from "./json.ts";
import { type Field, fieldsOf, type Shape, sayShape } from "./shape.ts";

/** Prints docs/reference/events.md: every fact of retail the hub knows by name, what it holds and what for. */
export function printEvents(types: readonly EventType[]): string {
  return `# Events

*Printed from \`packages/contract/events/\` by \`npm run generate\`.*

An event is a fact that happened and never changes. Names that are not listed are kept as custom events, unchecked.
**Personal** names the fields of \`data\` that say something about who a person is; **kept** is the retention class;
**for** is the one purpose, beside running the shop, that it may serve.

| Event | What happened | Personal | Kept | For |
| --- | --- | --- | --- | --- |
${types.map(row).join("\n")}

${types.map(section).join("\n")}`;
}

const code = (text: string): string => `\`${text}\``;
const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");

function row({ type, personal, retention, purpose, ...about }: EventType): string {
  const link = `[${code(type)}](#${type.replaceAll(/[^a-z0-9_-]/g, "")})`;
  return `| ${link} | ${cell(saysOf(about))} | ${personal.map(code).join(", ") || "–"} | ${retention} | ${purpose} |`;
}

/** What happened, and who says it when not everybody may. */
const saysOf = ({ says, saidBy }: Pick<EventType, "says" | "saidBy">): string =>
  saidBy === "hub" ? `${says} Only the hub says it.` : says;

function section({ type, data, personal, example, ...about }: EventType): string {
  const fields = fieldsOf(data as Shape);
  const table =
    fields.length === 0
      ? "No fields."
      : `| Field | What it is |\n| --- | --- |\n${fields.map((field) => fieldRow(field, personal)).join("\n")}`;
  return `## ${type}

${saysOf(about)}

${table}

\`\`\`json
${printJson({ type, data: example })}
\`\`\`
`;
}

function fieldRow({ name, optional, shape }: Field, personal: readonly string[]): string {
  const marks = [optional ? "optional" : "", personal.includes(name) ? "**personal**" : ""].filter(Boolean);
  const more = shape.description === undefined ? "" : ` ${shape.description}`;
  const what = `${sayShape(shape)}${marks.length === 0 ? "" : ` (${marks.join(", ")})`}.${more}`;
  return `| ${code(name)} | ${cell(what)} |`;
}
