import assert from "node:assert/strict";
import { fitsType } from "../events/check/index.ts";
import type { Database } from "../platform/index.ts";
import { ask, type HubAt } from "./ask.ts";

export type Fates = {
  readonly accepted: number;
  readonly applied: number;
  readonly repeat: number;
  readonly quarantined: number;
  readonly erased: number;
};
export type Counters = {
  readonly total: Fates;
  readonly sources: readonly (Fates & { readonly source: string })[];
  readonly inLog: number;
  readonly erasedLater: number;
  readonly adds: boolean;
};

export async function countersOf(at: HubAt): Promise<Counters> {
  const { status, body } = await ask<Counters>(at, "GET", "/v1/events/counters");
  assert.equal(status, 200);
  return body;
}

/**
 * What must hold after whatever was done to a hub: every event has one fate, the log holds exactly the applied
 * events less those erased later, and every live profile is the fold of the log. With its `database`: what the hub itself
 * said in the log is as the catalogue has it.
 */
export async function assertSound(at: HubAt & { readonly database?: Database }): Promise<Counters> {
  const counters = await countersOf(at);
  for (const one of [counters.total, ...counters.sources]) {
    assert.equal(one.accepted, one.applied + one.repeat + one.quarantined + one.erased);
  }
  assert.equal(counters.inLog + counters.erasedLater, counters.total.applied);
  assert.equal(counters.adds, true);
  const { status, body } = await ask<{ ok: boolean; different: unknown[] }>(at, "POST", "/v1/verify");
  assert.equal(status, 200);
  assert.deepEqual(body.different, []);
  assert.equal(body.ok, true);
  if (at.database !== undefined) await assertOwnFit(at.database);
  return counters;
}

async function assertOwnFit(database: Database): Promise<void> {
  const own = await database.query<{ type: string; data: unknown }>({
    name: "",
    text: "select type, data from events_log where source = 'trato' order by position desc limit 20000",
    values: [],
  });
  assert.deepEqual(
    own.filter(({ type, data }) => !fitsType(type, data)),
    [],
  );
}
