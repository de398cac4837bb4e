import type { ReportArm, ReportFlag, ReportVerdict } from "@trato/contract";
import type { Came } from "./attribution.ts";
import { type Difference, meansDifference, sharesDifference } from "./interval.ts";
import { noSpread, type Spread, withNoughts, withValue } from "./spread.ts";

/** With fewer people than this in an arm, an interval is a rough guess. */
const peopleMin = 30;
/** Revenue of people is mostly noughts: with fewer buyers than this, a mean of it is far from normal. */
const buyersMin = 10;

/** One arm, added up person by person. `spread` is that of revenue among the people who have any, or a return. */
export type ArmSums = {
  people: number;
  decisions: number;
  exposures: number;
  clicks: number;
  conversions: number;
  converted: number;
  readonly money: Map<string, MoneySums>;
};
type MoneySums = { orders: number; buyers: number; revenueMinor: number; spread: Spread };

export type Sums = Readonly<Record<ReportArm, ArmSums>>;

const emptyArm = (): ArmSums => ({
  people: 0,
  decisions: 0,
  exposures: 0,
  clicks: 0,
  conversions: 0,
  converted: 0,
  money: new Map(),
});

const emptyMoney = (): MoneySums => ({ orders: 0, buyers: 0, revenueMinor: 0, spread: noSpread });

export const emptySums = (): Sums => ({
  treated: emptyArm(),
  holdout: emptyArm(),
  mixed: emptyArm(),
  other: emptyArm(),
});

/** Adds one person to an arm. */
export function addPerson(arm: ArmSums, decisions: number, came: Came): void {
  arm.people += 1;
  arm.decisions += decisions;
  arm.exposures += came.exposures;
  arm.clicks += came.clicks;
  arm.conversions += came.conversions;
  arm.converted += came.conversions > 0 ? 1 : 0;
  for (const [currency, { orders, revenueMinor }] of came.money) {
    const sums = arm.money.get(currency) ?? emptyMoney();
    sums.orders += orders;
    sums.buyers += orders > 0 ? 1 : 0;
    sums.revenueMinor += revenueMinor;
    sums.spread = withValue(sums.spread, revenueMinor);
    arm.money.set(currency, sums);
  }
}

/** The currencies the compared people used: most orders first, then by code, so that the first is the default. */
export function currenciesOf({ treated, holdout }: Sums) {
  const codes = new Set([...treated.money.keys(), ...holdout.money.keys()]);
  return [...codes]
    .map((currency) => {
      const arms = [treated, holdout].map((arm) => arm.money.get(currency) ?? emptyMoney());
      const [one, two] = arms as [MoneySums, MoneySums];
      return {
        currency,
        orders: one.orders + two.orders,
        revenueMinor: one.revenueMinor + two.revenueMinor,
      };
    })
    .sort((a, b) => b.orders - a.orders || (a.currency < b.currency ? -1 : 1));
}

export type ArmFigures = ReturnType<typeof armFigures>;

/** One arm in one currency, as it is told. Rates are null when nobody is in it. */
export function armFigures(arm: ArmSums, currency: string | null) {
  const { people, decisions, exposures, clicks, conversions, converted } = arm;
  const { orders, buyers, revenueMinor } = moneyIn(arm, currency);
  const each = (sum: number) => (people === 0 ? null : sum / people);
  return {
    people,
    decisions,
    exposures,
    clicks,
    conversions,
    converted,
    conversionRate: each(converted),
    orders,
    buyers,
    buyerRate: each(buyers),
    revenueMinor,
    revenuePerPersonMinor: each(revenueMinor),
  };
}

const moneyIn = (arm: ArmSums, currency: string | null): MoneySums =>
  (currency === null ? undefined : arm.money.get(currency)) ?? emptyMoney();

/** A difference and what it is of the holdout's figure: 0.1 is 10 % more; null when that figure is not above zero. */
export type Told = (Difference & { readonly lift: number | null }) | null;

export type Comparison = {
  readonly differences: {
    readonly revenuePerPersonMinor: Told;
    readonly conversionRate: Told;
    readonly buyerRate: Told;
  };
  readonly verdict: ReportVerdict;
  readonly flags: ReportFlag[];
};

/**
 * Treated less holdout, by intention to treat: everybody of an arm counts, whatever they saw or did, because only the
 * arms as wholes were made alike by chance. Source: Imbens and Rubin, "Causal Inference for Statistics, Social, and
 * Biomedical Sciences", 2015, chapters 6 and 23.
 */
export function compare({ treated, holdout }: Sums, currency: string | null): Comparison {
  const [one, two] = [moneyIn(treated, currency), moneyIn(holdout, currency)];
  const revenueOf = (arm: ArmSums, money: MoneySums) =>
    withNoughts(money.spread, arm.people - money.spread.count);
  const [revenue, revenueWithout] = [revenueOf(treated, one), revenueOf(holdout, two)];
  const shares = (hits: number, hitsWithout: number) =>
    told(
      sharesDifference({ hits, of: treated.people }, { hits: hitsWithout, of: holdout.people }),
      hitsWithout / holdout.people,
    );
  const differences = {
    revenuePerPersonMinor: told(meansDifference(revenue, revenueWithout), revenueWithout.mean),
    conversionRate: shares(treated.converted, holdout.converted),
    buyerRate: shares(one.buyers, two.buyers),
  };
  const flags: ReportFlag[] = [];
  if (Math.min(treated.people, holdout.people) < peopleMin) flags.push("too_few");
  if (Math.min(one.buyers, two.buyers) < buyersMin) flags.push("few_buyers");
  return { differences, verdict: verdictOf(differences.revenuePerPersonMinor, flags), flags };
}

function told(difference: Difference | null, base: number): Told {
  if (difference === null) return null;
  return { ...difference, lift: base > 0 ? difference.difference / base : null };
}

function verdictOf(revenue: Told, flags: readonly ReportFlag[]): ReportVerdict {
  if (revenue === null) return "nothing_to_compare";
  if (flags.length > 0) return "too_few";
  if (revenue.low > 0) return "more";
  return revenue.high < 0 ? "less" : "unclear";
}
