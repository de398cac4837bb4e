import { topics } from "@trato/contract";

/** Prints docs/reference/topics.md: what the stream and webhooks tell, to whom, and with what in it. */
export function printTopics(): string {
  const rows = Object.entries(topics).map(
    ([topic, { says, key, needs, data }]) => `| \`${topic}\` | ${says} | ${key} | \`${needs}\` | ${data} |`,
  );
  return `# Topics

*Printed from \`packages/contract/topics.ts\` by \`npm run generate\`.*

A key hears the topics whose scope it has; the stream needs \`stream:read\` as well. The stream tells
\`{topic, key, place, personId, at, sequence, data}\`, a webhook (Standard Webhooks)
\`{type, timestamp, data: {sequence, key, place, personId, data}}\`.

The stream keeps the order of commits; deliveries of a webhook may overtake each other, and one that failed comes
later. Of two changes of one thing the one with the larger \`sequence\` is later: remember the last one of each, and
drop what is smaller. The thing is what the key names; for stock each item of the place, for prices each row.

| Topic | When | Key | Scope | Data |
| --- | --- | --- | --- | --- |
${rows.join("\n")}
`;
}
