import { assert } from "@trato/base";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import { fitTrees } from "../trees/boost.ts";
import type { Aim } from "../trees/objective.ts";
import type { TreeOptions } from "../trees/options.ts";
import { type Trees, treesFromBytes } from "../trees/trees.ts";
import { type Asked, checkPanel, type Panel, type PastRules, panelColumns, sizeAt } from "./panel.ts";

export type BoostedOptions = PastRules & {
  /** The first period that nothing was seen of; later values are not looked at. */
  readonly untilPeriod: number;
  /** The periods from `untilPeriod` on that will be asked for, both included: [0, 12] is thirteen. */
  readonly ahead: readonly [number, number];
  /** How many origins of the past are learnt from, and how far apart; defaults 8 and the horizon. */
  readonly origins?: number;
  readonly originsApart?: number;
  /** Values over which a series' size is the mean; default 52. */
  readonly sizeRows?: number;
  /**
   * What to be least wrong by: `absolute` (median, in units of the size; the default), `percent` (median,
   * in per cent of the value), `squared` (mean).
   */
  readonly wrongBy?: "absolute" | "percent" | "squared";
  /** Quantiles to tell besides, such as [0.1, 0.9]; default none. */
  readonly levels?: readonly number[];
  readonly trees?: Omit<TreeOptions, "aim" | "validation" | "progress">;
  /** Called after each tree with the share that is done; what it throws ends the fit. */
  readonly progress?: (share: number) => void;
};

/** One rule for all series of a panel. */
export type Boosted = {
  /** What is asked, each from what its series did before its origin. A series of which nothing was seen: NaN. */
  tell(panel: Panel, asked: readonly Asked[]): Float64Array;
  /** The same for each of the levels, ascending in each row. */
  tellLevels(panel: Panel, asked: readonly Asked[]): Float64Array[];
  toBytes(): Uint8Array;
};

type Rules = PastRules & { readonly sizeRows: number };

const magic = "TrBoostD";
const version = 2;

/**
 * One boosted model for all series: their past, what is known of the period asked for (price, promotion,
 * calendar) and which item and store it is, in units of the series' size. Learnt from origins of the past as if
 * what came after were not known.
 *
 * Cost: `fitTrees` over series × origins × periods ahead, once and once a level. Source: the winners of the M5
 * competition (Makridakis et al. 2022). Not for a handful of series: see `ensemble`.
 */
export function fitBoosted(panel: Panel, options: BoostedOptions): Boosted {
  const periods = checkPanel(panel);
  const { untilPeriod, ahead, origins = 8, sizeRows = 52, wrongBy = "absolute", levels = [] } = options;
  const { lags, windows, medians, noughts, seasonRows, seasonMedians, peaks, alike } = options;
  assert(
    untilPeriod > 0 && untilPeriod <= periods && ahead[0] >= 0 && ahead[1] >= ahead[0],
    "periods lie in the panel",
  );
  const apart = options.originsApart ?? ahead[1] + 1;
  const asked: Asked[] = [];
  for (let back = 0; back < origins; back++) {
    const origin = untilPeriod - ahead[1] - 1 - back * apart;
    for (let period = origin + ahead[0]; period <= origin + ahead[1]; period++) {
      for (let series = 0; series < panel.values.length; series++) {
        if (origin > 0 && !Number.isNaN(panel.values[series]![period]!))
          asked.push({ series, period, origin });
      }
    }
  }
  const known = asked.filter(({ series, origin }) => sizeAt(panel.values[series]!, origin, sizeRows) > 0);
  assert(known.length > 0, "some series was seen before an origin; take fewer origins or a shorter horizon");
  const rules: Rules = {
    ...{ lags, windows, sizeRows },
    ...(medians && { medians }),
    ...(noughts && { noughts }),
    ...(seasonRows && { seasonRows }),
    ...(seasonMedians && { seasonMedians }),
    ...(peaks && { peaks }),
    ...(alike && { alike }),
  };
  const { table, sizes } = tableFor(panel, known, rules);
  const values = Float64Array.from(known, ({ series, period }) => panel.values[series]![period]!);
  const target = values.map((value, i) => value / sizes[i]!);
  const weights = target.map((one) => (wrongBy === "percent" ? 1 / Math.max(1e-3, Math.abs(one)) : 1));
  let done = 0;
  const progress = (share: number) => options.progress?.((done + share) / (1 + levels.length));
  const fit = (aim: Aim) => {
    const trees = fitTrees(table, { target, weights }, { ...options.trees, aim, progress });
    done++;
    return trees;
  };
  const middle = fit(wrongBy === "squared" ? { kind: "mean" } : { kind: "quantile", level: 0.5 });
  const sorted = [...levels].sort((a, b) => a - b);
  return boostedFrom(rules, [middle, ...sorted.map((level) => fit({ kind: "quantile", level }))]);
}

function tableFor(panel: Panel, asked: readonly Asked[], rules: Rules) {
  const sizes = Float64Array.from(asked, ({ series, origin }) =>
    sizeAt(panel.values[series]!, origin, rules.sizeRows),
  );
  const columns = panelColumns(panel, asked, sizes, rules);
  return { table: { rowCount: asked.length, columns }, sizes };
}

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export function boostedFromBytes(bytes: Uint8Array): Boosted {
  const [text, ...models] = readArrays(magic, version, bytes);
  assert(text instanceof Uint8Array && models.length > 0, "a boosted model has its rules");
  const rules = JSON.parse(new TextDecoder().decode(text)) as Rules;
  const read = models.map((model) => {
    assert(model instanceof Uint8Array, "each model is bytes");
    return treesFromBytes(model);
  });
  return boostedFrom(rules, read);
}

function boostedFrom(rules: Rules, models: readonly Trees[]): Boosted {
  const by = (panel: Panel, asked: readonly Asked[], some: readonly Trees[]) => {
    const { table, sizes } = tableFor(panel, asked, rules);
    return some.map((model) => {
      return model.predictAll(table).map((one, i) => (sizes[i]! > 0 ? one * sizes[i]! : Number.NaN));
    });
  };
  return {
    tell: (panel, asked) => by(panel, asked, models.slice(0, 1))[0]!,
    tellLevels(panel, asked) {
      const told = by(panel, asked, models.slice(1));
      for (let i = 0; i < asked.length; i++) {
        const sorted = Float64Array.from(told, (one) => one[i]!).sort();
        for (const [at, one] of told.entries()) one[i] = sorted[at]!;
      }
      return told;
    },
    toBytes() {
      const text = new TextEncoder().encode(JSON.stringify(rules));
      return writeArrays(magic, version, [text, ...models.map((model) => model.toBytes())]);
    },
  };
}
