import type { Currency } from "@trato/base";
import { ok, type Report, type ReportArm, type Result, reportArms } from "@trato/contract";
import { type Gathered, gather } from "./gather.ts";
import { level } from "./interval.ts";
import type { MeasureNeeds, Span } from "./needs.ts";
import { periodOf, wrongPeriod } from "./period.ts";
import { armFigures, compare, currenciesOf } from "./rules.ts";
import { saysOf } from "./says.ts";

/** What to report on. Without `untilMs` up to now, without `fromMs` the 30 days before that. */
export type ReportQuery = {
  readonly fromMs?: number | undefined;
  readonly untilMs?: number | undefined;
  /** Without it, the currency in which the compared people placed most orders. */
  readonly currency?: Currency | undefined;
  readonly nowMs: number;
};

/** Makes the report. Refused when the period has no length, or holds more people than one report can. */
export async function makeReport(
  needs: MeasureNeeds,
  query: ReportQuery,
): Promise<Result<Report, "request_invalid">> {
  const period = periodOf(query);
  if (period === null) return wrongPeriod("give days that exist, `from` before `until`");
  const gathered = await gather(needs, period);
  if (gathered === null) return wrongPeriod("so many people were decided for; give a shorter period");
  return ok(told(gathered, period, query.currency));
}

function told(
  { sums, ...counters }: Gathered,
  { fromMs, untilMs }: Span,
  asked: Currency | undefined,
): Report {
  // The catalogue of events lets in no other currency.
  const currencies = currenciesOf(sums) as Report["currencies"];
  const currency = asked ?? currencies[0]?.currency ?? null;
  const comparison = compare(sums, currency);
  const arms = Object.keys(reportArms) as ReportArm[];
  return {
    from: new Date(fromMs).toISOString(),
    until: new Date(untilMs).toISOString(),
    currency,
    currencies,
    arms: arms.map((arm) => ({ arm, words: reportArms[arm], ...armFigures(sums[arm], currency) })),
    level,
    ...comparison,
    says: saysOf(comparison.verdict, {
      revenue: comparison.differences.revenuePerPersonMinor,
      currency,
      treated: sums.treated.people,
      holdout: sums.holdout.people,
    }),
    counters,
  };
}
