import assert from "node:assert/strict";
import test from "node:test";
import { argumentsOf, settingsFor } from "./settings.ts";

const gib = 1024 ** 3;

test("buffers shrink on a small machine and stop growing on a large one", () => {
  const buffers = [gib / 8, gib, 2 * gib, 64 * gib].map((bytes) => settingsFor(bytes, {})["shared_buffers"]);
  assert.deepEqual(buffers, ["32MB", "128MB", "256MB", "256MB"]);
});

test("other settings may be changed; durability and who may connect may not", () => {
  assert.equal(settingsFor(gib, { work_mem: "64MB" })["work_mem"], "64MB");
  assert.equal(settingsFor(gib, { fsync: "on" })["fsync"], "on");
  for (const name of ["fsync", "Synchronous_Commit", "full_page_writes"]) {
    assert.throws(() => settingsFor(gib, { [name]: "off" }), /stays on/);
  }
  assert.throws(() => settingsFor(gib, { listen_addresses: "*" }), /set by the hub/);
  assert.throws(() => settingsFor(gib, { "work_mem=1 -c x": "1" }), /not the name/);
});

test("settings become arguments", () => {
  assert.deepEqual(argumentsOf({ jit: "off", work_mem: "8MB" }), ["-c", "jit=off", "-c", "work_mem=8MB"]);
});
