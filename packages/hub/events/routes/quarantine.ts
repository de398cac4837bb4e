import { type Clock, limits } from "@trato/base";
import {
  dropQuarantined,
  listQuarantine as listEndpoint,
  ok,
  putAside,
  type Quarantined,
  quarantineReasons,
  refuse,
  repairQuarantined,
} from "@trato/contract";
import { command, type Queries, type Route, route } from "../../platform/index.ts";
import { quarantineBytes, redactText } from "../check/index.ts";
import type { Intake } from "../intake.ts";
import { readFrame } from "../read-frame.ts";
import { holdQuarantine, listQuarantine, type QuarantineRow, settleQuarantine } from "../store.ts";
import { answerOf } from "./take-events.ts";

export type QuarantineNeeds = {
  readonly queries: Queries;
  readonly intake: Intake;
  readonly clock: Clock;
  readonly country: string;
};

const firstOfAll = "00000000-0000-0000-0000-000000000000";

function shown(row: QuarantineRow): Quarantined {
  const [en, es] = quarantineReasons[row.reason];
  return {
    quarantineId: row.quarantineId,
    source: row.source,
    receivedAt: new Date(Number(row.receivedMs)).toISOString(),
    reason: row.reason,
    says: { es, en },
    detail: row.detail,
    ...(row.pointer === null ? {} : { pointer: row.pointer }),
    ...(row.eventId === null ? {} : { eventId: row.eventId }),
    bytes: row.bytes.toString("utf8"),
    ...(row.settled === null ? {} : { settled: row.settled }),
  };
}

/** List what was put aside, repair it, drop it, and hand over what a connector could not read. */
export function quarantineRoutes(needs: QuarantineNeeds): Route[] {
  return [listRoute(needs), repairRoute(needs), dropRoute(needs), putAsideRoute(needs)];
}

const listRoute = (needs: QuarantineNeeds): Route =>
  route(listEndpoint, async ({ query }) => {
    const limit = query.limit ?? limits.pageRowsDefault;
    const after = query.after ?? firstOfAll;
    const page = { after, limit: limit + 1, reason: query.reason ?? null, open: query.all !== true };
    const rows = await listQuarantine(needs.queries, page);
    const items = rows.slice(0, limit).map(shown);
    return ok({ items, next: rows.length > limit ? items.at(-1)!.quarantineId : null });
  });

const repairRoute = (needs: QuarantineNeeds): Route =>
  command(repairQuarantined, async ({ params, body, tx }) => {
    const held = await holdQuarantine(tx, params.quarantineId);
    if (!held.ok) return held;
    const { frame } = readFrame({
      bytes: Buffer.from(JSON.stringify({ events: [body.event] })),
      encoding: undefined,
      source: held.value.source,
      trusted: true,
      receivedAtMs: Number(held.value.receivedMs),
      country: needs.country,
    });
    const wrong = frame.rejects[0];
    if (wrong !== undefined) return refuse("repair_invalid", { detail: `${wrong.reason}: ${wrong.detail}` });
    const { fates } = await needs.intake.record(tx, frame);
    const fate = fates[0]!;
    if (fate === "quarantined")
      return refuse("repair_invalid", { detail: "id_conflict: use an id of its own." });
    await settleQuarantine(tx, params.quarantineId, "repaired", needs.clock.nowMs());
    return ok({ fate });
  });

const dropRoute = (needs: QuarantineNeeds): Route =>
  command(dropQuarantined, async ({ params, tx }) => {
    const held = await holdQuarantine(tx, params.quarantineId);
    if (!held.ok) return held;
    await settleQuarantine(tx, params.quarantineId, "dropped", needs.clock.nowMs());
    return ok({ settled: "dropped" as const });
  });

const putAsideRoute = (needs: QuarantineNeeds): Route =>
  route(putAside, async ({ body, key }) => {
    const rejects = body.items.map(({ reason, detail, eventId, bytes }) => ({
      reason,
      detail: redactText(detail),
      eventId: eventId === undefined ? undefined : redactText(eventId),
      bytes: quarantineBytes(bytes),
    }));
    return ok(answerOf(await needs.intake.take({ source: key.source, events: [], rejects })));
  });
