import { test } from "node:test";
import { systemClock } from "@trato/base";
import { proveClients } from "../testing/kill-clients.ts";

test("what shops' own libraries send is there once, though the hub and its database are killed under way", async (t) => {
  const seed = systemClock.nowMs() % 1_000_000;
  await proveClients(t, { seed, events: 2_000, kills: ["postgres", "hub"] });
});
