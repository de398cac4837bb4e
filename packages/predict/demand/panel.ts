import { assert } from "@trato/base";
import type { Column } from "../trees/table.ts";
import { meanOf, medianOf, originColumns } from "./past-columns.ts";

/**
 * Many series on one calendar: `values[s][t]` is what series s did in period t, `NaN` where it is missing or
 * lies ahead. What is known of a period beforehand (price, promotion, week of the year, holiday) has a value for
 * every period, those ahead included.
 */
export type Panel = {
  readonly values: readonly Float64Array[];
  readonly known: Readonly<Record<string, Known>>;
  /** By name, a category of each series: item, store, department. */
  readonly groups: Readonly<Record<string, Int32Array>>;
};

/** A value a period: a row for each series, or a single row where all have the same (the calendar). */
export type Known = { readonly kind: Column["kind"]; readonly rows: readonly Float64Array[] };

const rowOf = ({ rows }: Known, series: number): Float64Array => rows[rows.length === 1 ? 0 : series]!;

/** What is looked at of a series' past. */
export type PastRules = {
  /** Single values, so many periods before the one that is told; missing where they lie behind the origin. */
  readonly lags: readonly number[];
  /** Means of the last so many values before the origin. */
  readonly windows: readonly number[];
  /** Medians of the last so many: one great week does not move them. Default none. */
  readonly medians?: readonly number[];
  /** Of the last so many, the share in which nothing was sold. Default none. */
  readonly noughts?: readonly number[];
  /** Mean of the same period in the last four seasons before the origin, of so many periods each. */
  readonly seasonRows?: number;
  /** With `seasonRows`: medians of the same period in so many seasons before the origin. Default none. */
  readonly seasonMedians?: readonly number[];
  /** Where promotions are not known: what can be seen of them. Default nothing. */
  readonly peaks?: Peaks;
  /** What the series did in periods that were like the one that is told. */
  readonly alike?: readonly Alike[];
};

/** A peak is a value more than `above` times the median of the `within` periods before the origin. */
export type Peaks = {
  readonly above: number;
  readonly within: number;
  /** How many there were in the last so many periods, for each. */
  readonly counted: readonly number[];
  /** Over so many periods the mean is taken of what was no peak. */
  readonly usual: number;
};

/**
 * The periods before the origin in which each of these known facts differed by no more than this from the one that is
 * told (0: was the same); each period further back counts for `decay` of the next. The mean is taken of logarithms, so
 * that one great week does not stand for all.
 */
export type Alike = { readonly within: Readonly<Record<string, number>>; readonly decay: number };

/** One value to tell: of which series, for which period, knowing what was before the origin. */
export type Asked = { readonly series: number; readonly period: number; readonly origin: number };

/** The mean size of the last values before the origin: everything is told in units of it. 0 where nothing was. */
export function sizeAt(values: Float64Array, origin: number, rows: number): number {
  let [sum, count] = [0, 0];
  for (let t = Math.max(0, origin - rows); t < origin; t++) {
    if (Number.isNaN(values[t]!)) continue;
    sum += Math.abs(values[t]!);
    count++;
  }
  return count === 0 ? 0 : sum / count;
}

/** The columns of what is asked, each past value divided by its series' size. Cost: the windows, a row. */
export function panelColumns(
  panel: Panel,
  asked: readonly Asked[],
  sizes: Float64Array,
  rules: PastRules,
): Column[] {
  const { values, known, groups } = panel;
  const number = (name: string, of: (one: Asked, own: Float64Array) => number): Column => ({
    name,
    kind: "number",
    values: Float32Array.from(asked, (one, i) => of(one, values[one.series]!) / sizes[i]!),
  });
  const plain = (name: string, kind: Column["kind"], of: (one: Asked) => number): Column => {
    return { name, kind, values: Float32Array.from(asked, of) };
  };
  const lagged = rules.lags.map((lag) =>
    number(`lag ${lag}`, ({ period, origin }, own) =>
      period - lag < origin ? (own[period - lag] ?? Number.NaN) : Number.NaN,
    ),
  );
  const { seasonRows, seasonMedians = [] } = rules;
  const seasonal =
    seasonRows === undefined
      ? []
      : [
          number("season", (one, own) => meanOf(sameSeason(own, one, { seasonRows, seasons: 4 }))),
          ...seasonMedians.map((seasons) =>
            number(`season median ${seasons}`, (one, own) =>
              medianOf(sameSeason(own, one, { seasonRows, seasons })),
            ),
          ),
        ];
  const alike = (rules.alike ?? []).map((one, at) =>
    alikeColumn(panel, asked, sizes, one, `alike ${at + 1}`),
  );
  const ahead = Object.entries(known).map(([name, fact]) => {
    return plain(name, fact.kind, ({ series, period }) => rowOf(fact, series)[period]!);
  });
  const groupColumns = Object.entries(groups).map(([name, of]) =>
    plain(name, "category", ({ series }) => of[series]!),
  );
  const distance = plain("ahead", "number", ({ period, origin }) => period - origin + 1);
  const fast = originColumns(values, asked, sizes, rules);
  return [...lagged, ...fast, ...seasonal, ...alike, ...ahead, ...groupColumns, distance];
}

function alikeColumn(
  { values, known }: Panel,
  asked: readonly Asked[],
  sizes: Float64Array,
  { within, decay }: Alike,
  name: string,
): Column {
  const facts = Object.entries(within).map(([fact, tolerance]) => {
    const one = known[fact];
    assert(one !== undefined, `alike names a known fact, not ${fact}`);
    return { one, tolerance };
  });
  const meanOfAlike = ({ series, period, origin }: Asked, size: number): number => {
    const own = values[series]!;
    const compared = facts.map(({ one, tolerance }) => ({ row: rowOf(one, series), tolerance }));
    let [sum, weights, weight] = [0, 0, 1];
    for (let t = origin - 1; t >= 0; t--) {
      weight *= decay;
      if (Number.isNaN(own[t]!)) continue;
      if (!compared.every(({ row, tolerance }) => Math.abs(row[t]! - row[period]!) <= tolerance)) continue;
      sum += weight * Math.log1p(Math.max(0, own[t]! / size));
      weights += weight;
    }
    return weights === 0 ? Number.NaN : Math.expm1(sum / weights);
  };
  return { name, kind: "number", values: Float32Array.from(asked, (one, i) => meanOfAlike(one, sizes[i]!)) };
}

/** The values of the same period in so many seasons before the origin. */
function sameSeason(
  values: Float64Array,
  { period, origin }: Asked,
  { seasonRows, seasons }: { seasonRows: number; seasons: number },
): Float64Array {
  const back = Math.ceil((period - origin + 1) / seasonRows);
  const found: number[] = [];
  for (let k = back; k < back + seasons; k++) {
    const value = values[period - k * seasonRows];
    if (value !== undefined && !Number.isNaN(value)) found.push(value);
  }
  return Float64Array.from(found);
}

export function checkPanel({ values, known, groups }: Panel): number {
  const periods = values[0]?.length ?? 0;
  assert(periods > 0, "a panel has a series and a period");
  assert(
    values.every((one) => one.length === periods),
    "every series is on the one calendar",
  );
  for (const [name, { rows }] of Object.entries(known)) {
    assert(rows.length === 1 || rows.length === values.length, `${name} has one row, or one a series`);
    for (const row of rows) assert(row.length === periods, `${name} has a value a period`);
  }
  for (const [name, of] of Object.entries(groups))
    assert(of.length === values.length, `${name} has a value a series`);
  return periods;
}
