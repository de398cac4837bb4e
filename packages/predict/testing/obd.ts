import { readGzip } from "./public-data.ts";

export const obdPath = "obd-small/random_men.csv.gz";
export type Campaign = "men" | "women";

/** The logs of one policy: the arm shown, at which of three positions, whether it was clicked, and with what chance. */
export type BanditLog = {
  readonly armOf: Int32Array;
  readonly groupOf: Int32Array;
  readonly reward: Float64Array;
  readonly logged: Float64Array;
};

export const armCounts = { men: 34, women: 46 } as const;

export function readObd(policy: "random" | "bts", campaign: Campaign): BanditLog {
  const [head = "", ...lines] = readGzip(`obd-small/${policy}_${campaign}.csv.gz`).split("\n");
  const names = head.trim().split(",");
  const rows = lines.map((line) => line.split(","));
  const column = (name: string) => Float64Array.from(rows, (row) => Number(row[names.indexOf(name)]));
  return {
    armOf: Int32Array.from(column("item_id")),
    groupOf: Int32Array.from(column("position"), (position) => position - 1),
    reward: column("click"),
    logged: column("propensity_score"),
  };
}

/** By position, how often the log chose each arm: the policy that the README's protocol values. */
export function shareOfChoices({ armOf, groupOf }: BanditLog, armCount: number): Float64Array[] {
  const counts = [0, 1, 2].map(() => new Float64Array(armCount));
  for (const [row, arm] of armOf.entries()) counts[groupOf[row]!]![arm]!++;
  return counts.map((list) => {
    const sum = list.reduce((a, b) => a + b, 0);
    return list.map((one) => one / sum);
  });
}
