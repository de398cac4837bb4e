import assert from "node:assert/strict";
import { fakeClock, type JsonObject } from "@trato/base";
import type { Moment } from "@trato/contract";
import { createIntake } from "../../events/index.ts";
import { ordersSlice } from "../../orders/index.ts";
import { createFolder, createPeople, type Profile, peopleSlices } from "../../people/index.ts";
import { type Route, silentLog } from "../../platform/index.ts";
import { noScores, type PersonScore } from "../../scores/index.ts";
import type { TestDatabase } from "../../testing/database.ts";
import {
  createMomentWatcher,
  listMomentsRoute,
  type MomentNeeds,
  momentsSlice,
  openMoments,
  type Seen,
} from "../index.ts";

const start = Date.UTC(2026, 0, 1, 12);
const folder = createFolder([...peopleSlices, ordersSlice, momentsSlice]);

/** A hub as far as moments need one, on a database and a clock of its own. */
export function momentHub(at: TestDatabase) {
  const clock = fakeClock(start);
  const people = createPeople({ database: at.database, folder, clock, tombstoneSecret: "test" });
  const intake = createIntake({
    database: at.database,
    people: people.forIntake,
    clock,
    log: silentLog,
    onTaken: () => undefined,
  });
  const world = {
    scores: noScores,
    recordFails: false,
    scoredMs: 0,
    expected: [] as PersonScore[],
    churnHorizonDays: null as number | null,
  };
  const needs: MomentNeeds = {
    database: at.database,
    takeWakeUps: people.takeWakeUps,
    lockProfiles: people.lockProfiles,
    profilePage: people.profilePage,
    scores: () => world.scores,
    lastScoredMs: async () => world.scoredMs,
    churnHorizonDays: async () => world.churnHorizonDays,
    scorePage: async (family, after) =>
      world.expected.filter((one) => one.family === family && one.personId > after.personId),
    async record(tx, found) {
      if (world.recordFails) throw new Error("the power went");
      await intake.recordFor(tx, "trato", found);
    },
  };
  const watcher = () => createMomentWatcher({ needs, clock, log: silentLog });
  let count = 0;
  const say = async (email: string, type: string, data: JsonObject, timeMs = clock.nowMs()) => {
    const where = {
      channel: "web",
      store: null,
      session: null,
      identities: [{ kind: "email" as const, value: email }],
    };
    const event = { id: `e${count++}`, source: "shop", type, timeMs, receivedAtMs: timeMs, ...where, data };
    const taken = await intake.take({ source: "shop", events: [event], rejects: [] });
    assert.deepEqual(taken.fates, ["applied"]);
  };
  const profile = async (email: string): Promise<Profile> => {
    const found = await people.find({ identities: [{ kind: "email", value: email }] });
    assert.ok(found.ok);
    return found.value;
  };
  const openOf = async (email: string) => openMoments((await profile(email)).slices as Seen, clock.nowMs());
  const list = (query: object) =>
    answer(listMomentsRoute({ database: at.database, find: people.find }), query, clock.nowMs());
  return { clock, people, needs, world, watcher, say, profile, openOf, list };
}

async function answer(
  route: Route,
  query: object,
  nowMs: number,
): Promise<{ moments: Moment[]; next?: string }> {
  assert.ok(route.kind === "read");
  const key = { id: "k", source: "test", kind: "secret" as const, scopes: [] };
  const call = {
    params: {},
    query,
    body: {},
    key,
    language: "en",
    address: "127.0.0.1",
    nowMs,
    log: silentLog as never,
  };
  const result = await route.handle(call);
  assert.ok(result.ok, JSON.stringify(result));
  return result.value as { moments: Moment[]; next?: string };
}
