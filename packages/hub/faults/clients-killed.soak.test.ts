import { test } from "node:test";
import { systemClock } from "@trato/base";
import { proveClients } from "../testing/kill-clients.ts";

test("what shops' own libraries send is there once, though both are killed a dozen times in twenty thousand events", async (t) => {
  const seed = systemClock.nowMs() % 1_000_000;
  const kills = Array.from({ length: 12 }, (_, i) => (["hub", "postgres", "both"] as const)[i % 3]!);
  await proveClients(t, { seed, events: 20_000, kills });
});
