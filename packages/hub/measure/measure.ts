import { limits, type PersonId } from "@trato/base";
import type { PolicyValue, Report, Result } from "@trato/contract";
import { type Consumer, startConsumer } from "../events/index.ts";
import { coalesce, type Queries, type Route } from "../platform/index.ts";
import { heardTypes } from "./facts.ts";
import type { MeasureNeeds } from "./needs.ts";
import { hear } from "./reactions.ts";
import { makeReport, type ReportQuery } from "./report.ts";
import { readPolicyValueRoute } from "./routes/read-policy-value.ts";
import { readReportRoute } from "./routes/read-report.ts";
import { eraseFacts, takeTurns } from "./store.ts";
import { type PolicyQuery, valuePolicy } from "./value-policy.ts";

export type Measure = {
  /** Begins to hear the log. Any number of hubs may: one at a time reads on. */
  startConsumer(): Promise<Consumer>;
  /** Compares the people decided for with the holdout. Throws `Overloaded` when too many ask at once. */
  report(query: ReportQuery): Promise<Result<Report, "request_invalid">>;
  /** What exploring another share of decisions would have brought. Throws `Overloaded` as `report` does. */
  policyValue(query: PolicyQuery): Promise<Result<PolicyValue, "request_invalid" | "evidence_too_small">>;
  /** Deletes what is kept of these member ids, in the transaction that erases them; returns how many rows went. */
  erase(tx: Queries, members: readonly PersonId[]): Promise<number>;
  readonly routes: readonly Route[];
};

/** The measure room: keeps exposures, outcomes and orders from the log, and reports what deciding has brought. */
export function createMeasure(needs: MeasureNeeds): Measure {
  const { database, log } = needs;
  // A report reads much: a few at a time, so that decisions always find a connection.
  const report = coalesce<ReportQuery, Result<Report, "request_invalid">>({
    mostPerRun: 1,
    waitingMax: limits.reportsWaitingMax,
    lanes: limits.reportsAtOnceMax,
    run: async ([query]) => [await makeReport(needs, query!)],
  });
  const policyValue = coalesce<PolicyQuery, Awaited<ReturnType<Measure["policyValue"]>>>({
    mostPerRun: 1,
    waitingMax: limits.reportsWaitingMax,
    lanes: limits.reportsAtOnceMax,
    run: async ([query]) => [await valuePolicy(needs, query!)],
  });
  return {
    startConsumer: () =>
      startConsumer({
        name: "measure",
        types: heardTypes,
        database,
        log,
        hear: (tx, events) => hear(needs, tx, events),
      }),
    report,
    policyValue,
    async erase(tx, members) {
      await takeTurns(tx);
      return eraseFacts(tx, members);
    },
    routes: [readReportRoute(report), readPolicyValueRoute(policyValue)],
  };
}
