import type { Result } from "./result.ts";

export const pagePath = "docs/reference/predict-results.md";
export const resultsPath = "docs/reference/predict-results.json";

const head = `# What \`predict\` achieves

Printed by \`npm run bench -- predict\` (a family alone: \`predict.basket\`; a part: \`predict.demand.weekly\`). Each
row is one figure on public data, by the protocol in that data's README. Parameters were chosen on a validation part of
what was learnt from; where data has no such part (NAB), or it was looked at otherwise, the family's file in
\`bench/predict\` says so. Seconds are processor time on two cores that had other work too; so had the milliseconds of
a prediction. MB is the most memory that the process had held by then: the data, Node itself and the rows above it in
the same part included. Families that are not here were not measured yet.
`;

const columns = ["Data", "Metric", "Ours", "Bar", "Aim", "Published", "Fit s", "Predict s", "MB"];

/** True when the bar is reached; null where there is none. */
export function isMet({ ours, bar }: Result): boolean | null {
  if (bar?.atLeast !== undefined) return ours >= bar.atLeast;
  if (bar?.atMost !== undefined) return ours <= bar.atMost;
  return null;
}

function cellsOf(row: Result): string[] {
  const { bar } = row;
  const sign = bar?.atMost === undefined ? "≥" : "≤";
  const limit = bar?.atLeast ?? bar?.atMost;
  const verdict = isMet(row) === false ? ", **missed**" : "";
  return [
    `\`${row.data}\``,
    row.metric,
    row.ours.toFixed(row.digits),
    limit === undefined ? "" : `${sign} ${limit}${verdict}`,
    bar?.aim === undefined ? "" : `${sign} ${bar.aim}`,
    row.published,
    row.fitSeconds.toFixed(1),
    row.predictSeconds.toFixed(1),
    row.memoryMb === undefined ? "" : `${row.memoryMb}`,
  ];
}

/** The page: a table per family, in the order in which they were run. */
export function printPage(results: readonly Result[]): string {
  const families = [...new Set(results.map(({ family }) => family))];
  const tables = families.map((family) => {
    const rows = results.filter((result) => result.family === family).map(cellsOf);
    const lines = [columns, columns.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
    return `## ${family}\n\n${lines.join("\n")}\n`;
  });
  return `${[head, ...tables].join("\n")}`;
}
