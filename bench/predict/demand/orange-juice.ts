import {
  absolutePercent,
  type BoostedOptions,
  fitBoosted,
  type Known,
  type Panel,
  weightedPercent,
} from "@trato/predict";
import { readRows, timed } from "../lib/data.ts";
import type { Say } from "../result.ts";

const firstWeek = 40;
const weeks = 121;
const rounds = 10;

const brands = 11;

/** Of a series, for each week: units, and what is known of a week beforehand. */
type Facts = Record<"units" | "price" | "priceRatio" | "priceToLeast" | "deal" | "feature", Float64Array> & {
  readonly priceOf: readonly Float64Array[];
};

const unknown = () => new Float64Array(weeks).fill(Number.NaN);
const noFacts = (): Facts => ({
  units: unknown(),
  price: unknown(),
  priceRatio: unknown(),
  priceToLeast: unknown(),
  deal: unknown(),
  feature: unknown(),
  priceOf: Array.from({ length: brands }, unknown),
});

export function readPanel(): Panel {
  const facts = new Map<string, Facts>();
  const groups = { store: [] as number[], brand: [] as number[] };
  for (const cells of readRows("oj-dominicks/sales.csv.gz").rows) {
    const [store = 0, brand = 0, week = 0, ...rest] = cells.map(Number);
    const prices = rest.slice(0, brands);
    const [deal = 0, feature = 0, , units = 0] = rest.slice(brands);
    const key = `${store} ${brand}`;
    let own = facts.get(key);
    if (own === undefined) {
      own = noFacts();
      facts.set(key, own);
      groups.store.push(store);
      groups.brand.push(brand);
    }
    const price = prices[brand - 1]!;
    const others = prices.filter((_, other) => other !== brand - 1);
    const priceRatio = (brands * price) / prices.reduce((a, b) => a + b, 0);
    const now = { units, price, priceRatio, priceToLeast: price / Math.min(...others), deal, feature };
    for (const [name, value] of Object.entries(now)) own[name as keyof typeof now][week - firstWeek] = value;
    for (const [at, one] of prices.entries()) own.priceOf[at]![week - firstWeek] = one;
  }
  return panelOf([...facts.values()], groups);
}

function panelOf(all: readonly Facts[], groups: Readonly<Record<"store" | "brand", number[]>>): Panel {
  const rowsOf = (of: (facts: Facts) => Float64Array): Known => ({ kind: "number", rows: all.map(of) });
  const usual = all.map(({ price }) => priceToUsual(price));
  const before = ({ rows }: Known, by: number): Known => ({
    kind: "number",
    rows: rows.map((own) => own.map((_, t) => own[t - by] ?? Number.NaN)),
  });
  const known: Record<string, Known> = {
    price: rowsOf(({ price }) => price),
    logPrice: rowsOf(({ price }) => price.map(Math.log)),
    priceRatio: rowsOf(({ priceRatio }) => priceRatio),
    priceToLeast: rowsOf(({ priceToLeast }) => priceToLeast),
    deal: rowsOf(({ deal }) => deal),
    isDeal: rowsOf(({ deal }) => deal.map((one) => (Number.isNaN(one) ? one : Math.min(1, one)))),
    feature: rowsOf(({ feature }) => feature),
    isFeature: rowsOf(({ feature }) => feature.map((one) => (Number.isNaN(one) ? one : Math.ceil(one)))),
    priceToUsual: { kind: "number", rows: usual },
  };
  for (let brand = 0; brand < brands; brand++) {
    known[`price of ${brand + 1}`] = rowsOf(({ priceOf }) => priceOf[brand]!);
  }
  for (const name of ["priceToUsual", "deal", "feature"]) {
    for (const by of [1, 2, 3]) known[`${name} ${by} before`] = before(known[name]!, by);
  }
  return {
    values: all.map(({ units }) => units),
    known,
    groups: { store: Int32Array.from(groups.store), brand: Int32Array.from(groups.brand) },
  };
}

/** The price over its mean of the half year before. */
function priceToUsual(price: Float64Array): Float64Array {
  return price.map((now, week) => {
    const before = price.subarray(Math.max(0, week - 26), week).filter((one) => !Number.isNaN(one));
    return now / (before.reduce((a, b) => a + b, 0) / before.length);
  });
}

/** What the units were in weeks with the same promotion, at a like price, and at a price not far. */
const alike = [
  { within: { isDeal: 0, isFeature: 0 }, decay: 0.95 },
  { within: { logPrice: 0.06, isFeature: 0 }, decay: 0.97 },
  { within: { logPrice: 0.12 }, decay: 0.9 },
];
export const options: Omit<BoostedOptions, "untilPeriod"> = {
  ...{ ahead: [1, 2], origins: 90, originsApart: 1, sizeRows: 26, wrongBy: "percent" },
  ...{ lags: [2, 3, 4, 5, 52], windows: [2, 4, 8, 26], alike },
  trees: { rounds: 300, rate: 0.06, leavesMax: 63, rowsPerLeafMin: 50, rowShare: 0.7, columnShare: 0.6 },
};

/** A model a round, as the protocol has it. What to look at, and options, were chosen on weeks 117 to 130. */
export function orangeJuice(say: Say): void {
  const untils = Array.from({ length: rounds }, (_, round) => 136 + 2 * round - firstWeek);
  const { said, came, fitSeconds, predictSeconds } = tellWeeks(readPanel(), untils, options);
  const row = { family: "demand", data: "oj-dominicks", digits: 2, fitSeconds, predictSeconds };
  const published = "LightGBM 35.97, dilated CNN 37.66, ARIMA with prices 48.88";
  say({
    ...row,
    metric: "MAPE, boosted",
    ours: absolutePercent({ said, came }),
    bar: { atMost: 36, aim: 34 },
    published,
  });
  say({ ...row, metric: "WAPE × 100", ours: 100 * weightedPercent({ said, came }), published: "" });
}

/** Two weeks for each end of what is known, with a week between, and what came of them. */
export function tellWeeks(panel: Panel, untils: readonly number[], given: typeof options) {
  const [said, came]: [number[], number[]] = [[], []];
  let [fitSeconds, predictSeconds] = [0, 0];
  for (const untilPeriod of untils) {
    const fitted = timed(() => fitBoosted(panel, { ...given, untilPeriod }));
    const asked = panel.values.flatMap((own, series) =>
      [1, 2]
        .map((ahead) => ({ series, period: untilPeriod + ahead, origin: untilPeriod }))
        .filter(({ period }) => !Number.isNaN(own[period]!)),
    );
    const told = timed(() => fitted.value.tell(panel, asked));
    said.push(...told.value);
    came.push(...asked.map(({ series, period }) => panel.values[series]![period]!));
    fitSeconds += fitted.seconds;
    predictSeconds += told.seconds;
  }
  return { said, came, fitSeconds, predictSeconds };
}
