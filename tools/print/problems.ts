import { problems } from "@trato/contract";

/** Prints docs/reference/problems.md: every refusal a caller can meet. */
export function printProblems(): string {
  const rows = Object.entries(problems).map(
    ([code, [status, en, es]]) => `| \`${code}\` | ${status} | ${en} | ${es} |`,
  );
  return `# Problems

*Printed from \`packages/contract/problems.ts\` by \`npm run generate\`.*

A refusal is \`application/problem+json\` (RFC 9457): \`type\`, \`title\` (Spanish with \`Accept-Language: es\`),
\`status\`, \`code\`, \`instance\`, and where they help \`detail\` and \`errors\`, whose \`pointer\` names the field and
whose \`detail\` says the remedy. When several apply, the one that stands first here is answered. 429 and 503 come
with \`Retry-After\`.

| Code | Status | English | Español |
| --- | ---: | --- | --- |
${rows.join("\n")}
`;
}
