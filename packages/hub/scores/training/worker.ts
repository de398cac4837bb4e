import { parentPort } from "node:worker_threads";
import { assert } from "@trato/base";
import { families } from "../families/index.ts";
import type { Asked, Reply } from "./thread.ts";

/** The thread's own code: it is asked for one family after the other, and says progress and one result for each. */
assert(parentPort !== null, "this file runs in a worker thread");
const port = parentPort;
const say = (reply: Reply, transfer: ArrayBuffer[] = []) => port.postMessage(reply, transfer);

port.on("message", ({ family: name, facts, champion, work }: Asked) => {
  const family = families.find((one) => one.name === name);
  assert(family !== undefined, `there is a family ${name}`);
  try {
    if (work === "score") {
      assert(champion !== null, "a model in charge is asked");
      const { bytes } = champion;
      const rows = family.score?.(facts, bytes) ?? [];
      const weeks = family.forecast?.(facts, bytes) ?? [];
      const days = family.strange?.(facts, bytes) ?? [];
      return say({ kind: "scored", rows, weeks, days });
    }
    const lacking = family.lack(facts);
    if (lacking !== null) return say({ kind: "lacking", why: lacking });
    const inputs = family.inputs(facts);
    const since = champion === null ? null : family.since(facts, champion);
    if (work === "look") return say({ kind: "looked", inputs, since });
    const trained = family.train(facts, champion, (step, shareDone) =>
      say({ kind: "progress", step, shareDone }),
    );
    say({ kind: "trained", trained, inputs, since }, [trained.bytes.buffer as ArrayBuffer]);
  } catch (cause) {
    say({ kind: "failed", why: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) });
  }
});
