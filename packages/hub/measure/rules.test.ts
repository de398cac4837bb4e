import assert from "node:assert/strict";
import { test } from "node:test";
import { reportVerdicts } from "@trato/contract";
import type { Came } from "./attribution.ts";
import { addPerson, armFigures, compare, currenciesOf, emptySums, type Sums } from "./rules.ts";
import { saysOf } from "./says.ts";

type Row = [arm: keyof Sums, spentMinor: number | null, conversions: number, currency?: string];

/** One row a person: the arm, what they spent (null: no order), their conversions. */
function sumsOf(rows: readonly Row[]): Sums {
  const sums = emptySums();
  for (const [arm, spentMinor, conversions, currency = "USD"] of rows) {
    const money: Came["money"] = new Map(
      spentMinor === null ? [] : [[currency, { orders: 1, revenueMinor: spentMinor }]],
    );
    addPerson(sums[arm], 2, { exposures: 3, clicks: 1, conversions, money });
  }
  return sums;
}

test("four people chosen for and two held out add up as on the back of a receipt", () => {
  const sums = sumsOf([
    ["treated", 1_000, 1],
    ["treated", 3_000, 2],
    ["treated", null, 0],
    ["treated", null, 1],
    ["holdout", 600, 0],
    ["holdout", null, 0],
    ["other", 9_900, 5],
    ["mixed", 7_700, 5],
  ]);
  assert.deepEqual(armFigures(sums.treated, "USD"), {
    people: 4,
    decisions: 8,
    exposures: 12,
    clicks: 4,
    conversions: 4,
    converted: 3,
    conversionRate: 0.75,
    orders: 2,
    buyers: 2,
    buyerRate: 0.5,
    revenueMinor: 4_000,
    revenuePerPersonMinor: 1_000,
  });
  const { differences, verdict, flags } = compare(sums, "USD");
  // 1000 a person against 300. Variances 2,000,000 and 180,000: the standard error is √(500,000 + 90,000) = 768.1.
  // Degrees of freedom: 590,000² / (500,000² / 3 + 90,000² / 1) = 3.81, for which t is 2.83.
  const revenue = differences.revenuePerPersonMinor!;
  assert.deepEqual([revenue.difference, revenue.lift], [700, 700 / 300]);
  assert.ok(
    Math.abs((revenue.high - revenue.low) / 2 - 2.83 * 768.1) < 10,
    `${revenue.low} to ${revenue.high}`,
  );
  assert.deepEqual([differences.conversionRate!.difference, differences.conversionRate!.lift], [0.75, null]);
  assert.deepEqual([differences.buyerRate!.difference, differences.buyerRate!.lift], [0, 0]);
  assert.deepEqual([verdict, flags], ["too_few", ["too_few", "few_buyers"]]);
});

/** So many people of whom every third spends, a little more or less. */
const crowd = (arm: keyof Sums, count: number, spendsMinor: number): Row[] =>
  Array.from({ length: count }, (_, i) => [arm, i % 3 === 0 ? spendsMinor + (i % 7) * 10 : null, i % 2]);

test("the verdict is on revenue per person: more, less, not to be told, too few, nobody", () => {
  const cases: [what: string, rows: Row[], verdict: string, flags: string[]][] = [
    ["clearly more", [...crowd("treated", 900, 3_000), ...crowd("holdout", 900, 1_000)], "more", []],
    ["clearly less", [...crowd("treated", 900, 1_000), ...crowd("holdout", 900, 3_000)], "less", []],
    ["alike", [...crowd("treated", 900, 1_000), ...crowd("holdout", 90, 1_000)], "unclear", []],
    [
      "29 held out",
      [...crowd("treated", 900, 3_000), ...crowd("holdout", 29, 1_000)],
      "too_few",
      ["too_few"],
    ],
    ["30 held out", [...crowd("treated", 900, 3_000), ...crowd("holdout", 30, 500)], "more", []],
    [
      "hardly anybody buys",
      [...crowd("treated", 900, 3_000), ...crowd("holdout", 24, 9), ...nobodyBuys(90)],
      "too_few",
      ["few_buyers"],
    ],
    [
      "one held out",
      [...crowd("treated", 900, 3_000), ...crowd("holdout", 1, 9)],
      "nothing_to_compare",
      ["too_few", "few_buyers"],
    ],
    ["nobody", [], "nothing_to_compare", ["too_few", "few_buyers"]],
  ];
  for (const [what, rows, verdict, flags] of cases) {
    const found = compare(sumsOf(rows), "USD");
    assert.deepEqual([found.verdict, found.flags], [verdict, flags], what);
  }
});

const nobodyBuys = (count: number): Row[] => Array.from({ length: count }, () => ["holdout", null, 0]);

test("currencies are listed by orders of the people compared, and never added up", () => {
  const sums = sumsOf([
    ["treated", 500, 0, "USD"],
    ["holdout", 700, 0, "USD"],
    ["treated", 900_000, 0, "COP"],
    ["other", 1, 0, "EUR"],
    ["other", 1, 0, "EUR"],
    ["other", 1, 0, "EUR"],
  ]);
  assert.deepEqual(currenciesOf(sums), [
    { currency: "USD", orders: 2, revenueMinor: 1_200 },
    { currency: "COP", orders: 1, revenueMinor: 900_000 },
  ]);
  assert.equal(armFigures(sums.treated, "COP").revenuePerPersonMinor, 450_000);
  assert.equal(armFigures(sums.treated, "USD").revenuePerPersonMinor, 250);
  assert.equal(armFigures(sums.treated, null).revenueMinor, 0);
  assert.equal(armFigures(sums.mixed, "USD").revenuePerPersonMinor, null);
});

test("a marketer reads the verdict as a sentence, in both languages, with money as people write it", () => {
  const revenue = { difference: 124.4, low: 31, high: 217.6, lift: 0.1234 };
  const about = { currency: "USD", treated: 9_500, holdout: 500 };
  const more = saysOf("more", { revenue, ...about });
  assert.equal(
    more.en,
    "Choosing for each person brought 1.24 USD more per person than showing everybody the same (+12.3 %). With 95 % confidence, between 0.31 USD and 2.18 USD more.",
  );
  const less = saysOf("less", {
    revenue: { difference: -124.4, low: -217.6, high: -31, lift: -0.1234 },
    ...about,
  });
  assert.equal(
    less.es,
    "Elegir para cada persona trajo 1.24 USD menos por persona que mostrar a todos lo mismo (−12.3 %). Con 95 % de confianza, la diferencia está entre -2.18 USD y -0.31 USD.",
  );
  const none = saysOf("nothing_to_compare", { revenue: null, currency: null, treated: 12, holdout: 0 });
  assert.equal(
    none.en,
    "There is nobody to compare with in this period: 12 people chosen for and 0 held out.",
  );
  for (const verdict of reportVerdicts) {
    const { es, en } = saysOf(verdict, { revenue, ...about });
    assert.doesNotMatch(es + en, /[{}]|undefined|NaN/);
  }
});
