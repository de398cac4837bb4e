import { dayMs, limits } from "@trato/base";
import { type Lives, type Table, tableOf } from "@trato/predict";
import type { Assets } from "../training/collect-assets.ts";

/** From one care of a thing (or its beginning) to the next, or to where it was last seen. */
export type Stretch = {
  readonly asset: number;
  readonly fromMs: number;
  readonly days: number;
  readonly failed: boolean;
  /** How old the thing was when the stretch began, and how often it had been cared for. */
  readonly ageDays: number;
  readonly cares: number;
  readonly usePerDay: number;
  readonly sku: string | undefined;
};

/** What of a thing is looked at: those skus that are told apart, and whether use is known of any. */
export type Kinds = { readonly skus: readonly string[]; readonly hasUse: boolean };

/** A sku with fewer services is like everything else. */
const caresPerKindMin = 20;
/** Two services on one day are one. */
const daysMin = 0.5;

/** All stretches as they were known at a moment: those that ended with care, and those still open. */
export function stretchesAt(
  assets: Assets,
  atMs: number,
): { readonly ended: Stretch[]; readonly open: Stretch[] } {
  const ended: Stretch[] = [];
  const open: Stretch[] = [];
  for (let asset = 0; asset < assets.personOf.length; asset++) {
    const startMs = assets.startMs[asset]!;
    if (startMs >= atMs) continue;
    const usePerDay = assets.useOf[asset]!;
    const sku = assets.skus[assets.skuOf[asset]!];
    let fromMs = startMs;
    let cares = 0;
    const until = (ms: number, failed: boolean): Stretch => ({
      ...{ asset, fromMs, days: (ms - fromMs) / dayMs, failed, cares, usePerDay, sku },
      ageDays: (fromMs - startMs) / dayMs,
    });
    const retiredMs = assets.retiredMs[asset]!;
    for (const ms of assets.careMs.subarray(assets.careStart[asset], assets.careStart[asset + 1])) {
      if (ms >= Math.min(atMs, retiredMs)) break;
      if ((ms - fromMs) / dayMs < daysMin) continue;
      ended.push(until(ms, true));
      fromMs = ms;
      cares += 1;
    }
    if (retiredMs >= atMs) open.push(until(atMs, false));
    else if ((retiredMs - fromMs) / dayMs >= daysMin) ended.push(until(retiredMs, false));
  }
  return { ended, open };
}

/** The skus with enough services to be told apart, the most serviced first, at most `limits.careKindsMax`. */
export function kindsOf(assets: Assets, atMs: number): Kinds {
  const counts = new Map<string, number>();
  let hasUse = false;
  for (const { sku, failed, usePerDay } of stretchesAt(assets, atMs).ended) {
    if (failed && sku !== undefined) counts.set(sku, (counts.get(sku) ?? 0) + 1);
    hasUse ||= !Number.isNaN(usePerDay);
  }
  const most = [...counts].filter(([, count]) => count >= caresPerKindMin);
  most.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return { skus: most.slice(0, limits.careKindsMax).map(([sku]) => sku), hasUse };
}

const columnNames = ({ hasUse, skus }: Kinds): string[] => [
  "ageDays",
  "cares",
  ...(hasUse ? ["usePerDay"] : []),
  ...(skus.length > 1 ? ["sku"] : []),
];

/** The numbers of a stretch, in the sequence of the columns. */
export function rowOf({ ageDays, cares, usePerDay, sku }: Stretch, kinds: Kinds): number[] {
  const row = [ageDays, cares];
  if (kinds.hasUse) row.push(usePerDay);
  if (kinds.skus.length > 1) row.push(sku === undefined ? 0 : kinds.skus.indexOf(sku) + 1);
  return row;
}

/** Stretches as lives, with what is known of each. */
export function livesAt(
  assets: Assets,
  atMs: number,
  kinds: Kinds,
): { readonly lives: Lives; readonly facts: Table } {
  const { ended, open } = stretchesAt(assets, atMs);
  const all = [...ended, ...open].filter(({ days }) => days > 0);
  const rows = all.map((stretch) => rowOf(stretch, kinds));
  const columns = columnNames(kinds).map(
    (name, c) => [name, Float64Array.from(rows, (row) => row[c]!)] as const,
  );
  return {
    lives: {
      end: Float64Array.from(all, ({ days }) => days),
      failed: Uint8Array.from(all, ({ failed }) => (failed ? 1 : 0)),
    },
    facts: tableOf(Object.fromEntries(columns), ["sku"]),
  };
}
