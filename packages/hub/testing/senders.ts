import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { ask, type HubAt, send, type Taken } from "./ask.ts";

const triesMax = 200;
const againMs = 100;

/** What a sender met before its batch was taken. */
export type Met = { readonly status: number; readonly code: string; readonly retryAfter: string | null };

/**
 * Sends a batch as a well-behaved client does: again after a broken connection, 429 or 503, until it is taken.
 * `hear` is told each refusal. Waits a tenth of a second instead of what Retry-After says: the test is in a hurry.
 */
export async function sendUntilTaken(
  at: HubAt,
  events: readonly unknown[],
  hear: (met: Met) => void = () => undefined,
): Promise<Taken> {
  for (let attempt = 1; attempt <= triesMax; attempt++) {
    const answer = await send(at, events).catch(() => undefined);
    if (answer?.status === 200) return answer.body;
    if (answer !== undefined) {
      const { code } = answer.body as unknown as { code: string };
      hear({ status: answer.status, code, retryAfter: answer.headers.get("retry-after") });
      assert.ok(answer.status === 503 || answer.status === 429, `a client gives up on ${answer.text}`);
    }
    await delay(againMs);
  }
  throw new Error(`The hub did not take a batch in ${triesMax} tries.`);
}

/** Several senders at once, each with batches of its own until `count` events are acknowledged in all. */
export function startSenders(
  at: HubAt,
  options: {
    readonly senders: number;
    readonly batch: number;
    readonly eventOf: (sender: number, n: number) => object;
    readonly hear?: (met: Met) => void;
  },
) {
  const acknowledged: string[] = [];
  let going = true;
  const run = async (sender: number): Promise<void> => {
    for (let n = 0; going; n += options.batch) {
      const events = Array.from({ length: options.batch }, (_, i) => options.eventOf(sender, n + i));
      await sendUntilTaken(at, events, options.hear);
      for (const event of events) acknowledged.push((event as { id: string }).id);
    }
  };
  const running = Promise.all(Array.from({ length: options.senders }, (_, sender) => run(sender)));
  running.catch(() => undefined);
  return {
    acknowledged: acknowledged as readonly string[],
    /** No new batches; resolves when those under way were taken. */
    stop: async (): Promise<void> => {
      going = false;
      await running;
    },
  };
}

/** Waits until the hub says that it takes requests. */
export async function untilReady(at: HubAt): Promise<void> {
  for (let attempt = 1; attempt <= triesMax; attempt++) {
    const answer = await ask(at, "GET", "/readyz").catch(() => undefined);
    if (answer?.status === 200) return;
    await delay(againMs);
  }
  throw new Error("The hub did not become ready.");
}
