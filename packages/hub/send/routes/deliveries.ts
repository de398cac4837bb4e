import { limits } from "@trato/base";
import {
  type DeliverySaid,
  listDeliveries,
  ok,
  readDelivery,
  refuse,
  replayDeliveries,
} from "@trato/contract";
import { command, type Database, type Queries, type Route, route } from "../../platform/index.ts";
import { type DeliveryRow, readDeliveries, readOneDelivery, replayRows } from "../delivery-store.ts";
import { findWebhook } from "../store.ts";

/** What was sent to a webhook, and sending it again. */
export function deliveryRoutes({ database }: { readonly database: Database }): Route[] {
  const knows = async (queries: Queries, webhookId: string) =>
    (await findWebhook(queries, webhookId)) !== undefined;
  return [
    route(listDeliveries, async ({ params: { webhookId }, query }) => {
      if (!(await knows(database, webhookId))) return refuse("webhook_unknown");
      const { state = null, after = null, limit = limits.pageRowsDefault } = query;
      const rows = await readDeliveries(database, { webhookId, state, after, limit });
      const last = rows.length === limit ? rows.at(-1) : undefined;
      const next = last === undefined ? {} : { next: last.deliveryId };
      return ok({ deliveries: rows.map(saidOf), ...next });
    }),
    route(readDelivery, async ({ params }) => {
      const found = await readOneDelivery(database, params);
      if (found === undefined) {
        return refuse((await knows(database, params.webhookId)) ? "delivery_unknown" : "webhook_unknown");
      }
      const tries = found.tries.map(({ atMs, tookMs, ...one }) => ({
        at: timeOf(atMs),
        tookMs: Number(tookMs),
        ...one,
      }));
      return ok({ ...saidOf(found), body: found.body, tries });
    }),
    command(replayDeliveries, async ({ tx, params: { webhookId }, body, nowMs }) => {
      if (!(await knows(tx, webhookId))) return refuse("webhook_unknown");
      const [sinceMs, untilMs] = [timeMsOf(body.since, 0), timeMsOf(body.until, nowMs + 1)];
      if (sinceMs === undefined || untilMs === undefined) {
        const pointer = sinceMs === undefined ? "/body/since" : "/body/until";
        return refuse("request_invalid", {
          errors: [{ pointer, detail: { en: "use an RFC 3339 time", es: "use una hora RFC 3339" } }],
        });
      }
      const replayed = await replayRows(tx, {
        ...{ webhookId, sinceMs, untilMs, nowMs, limit: limits.sendReplayMax },
        deliveryIds: body.deliveryIds ?? null,
        states: statesOf(body),
      });
      return ok({ replayed });
    }),
  ];
}

/** What is asked for by name is sent whatever became of it. */
function statesOf({ deliveryIds, state = "failed" }: { deliveryIds?: string[]; state?: string }) {
  if (deliveryIds !== undefined) return ["failed", "waiting", "delivered"] as const;
  if (state === "all") return ["failed", "delivered"] as const;
  return state === "waiting" ? (["waiting"] as const) : (["failed"] as const);
}

const timeOf = (ms: string): string => new Date(Number(ms)).toISOString();

function timeMsOf(text: string | undefined, otherwise: number): number | undefined {
  if (text === undefined) return otherwise;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}

function saidOf({ deliveryId, topic, state, attempts, madeMs, dueMs }: DeliveryRow): DeliverySaid {
  const dueAt = state === "waiting" ? timeOf(dueMs) : null;
  return { deliveryId, topic, state, attempts, madeAt: timeOf(madeMs), dueAt };
}
