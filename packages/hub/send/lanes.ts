import { limits } from "@trato/base";
import { type Leased, leaseDue, webhooksWithDue } from "./delivery-store.ts";
import type { SenderNeeds } from "./sender.ts";
import { findWebhook, readWebhooks, type Webhook } from "./store.ts";

export type Lanes = {
  /** Begins to send to every active webhook for which something is due, unless it is being done. */
  start(): Promise<void>;
  /** Resolves when nothing is under way any more. */
  done(): Promise<void>;
  stop(): Promise<void>;
};

/** A lane for each webhook: whatever one waits for, the others go on. */
export function createLanes(
  { database, clock, log }: SenderNeeds,
  attempt: (webhook: Webhook, one: Leased) => Promise<void>,
): Lanes {
  const lanes = new Map<string, Promise<void>>();
  let stopped = false;

  const run = async (webhookId: string): Promise<void> => {
    while (!stopped) {
      const webhook = await findWebhook(database, webhookId);
      if (webhook?.state !== "active") return;
      const nowMs = clock.nowMs();
      // One that fails all the time is tried with one delivery at a time.
      const limit = webhook.failures >= limits.sendFailuresMax ? 1 : limits.sendAtOncePerWebhook;
      const due = await leaseDue(database, webhookId, { nowMs, untilMs: nowMs + limits.sendLeaseMs, limit });
      if (due.length === 0) return;
      await Promise.all(due.map((one) => attempt(webhook, one)));
    }
  };
  const done = async (): Promise<void> => {
    await Promise.all(lanes.values());
  };
  return {
    async start() {
      const active = (await readWebhooks(database)).filter(({ state }) => state === "active");
      if (active.length === 0) return;
      const ids = active.map(({ webhookId }) => webhookId);
      for (const webhookId of await webhooksWithDue(database, ids, clock.nowMs())) {
        if (lanes.has(webhookId)) continue;
        const lane = run(webhookId)
          .catch((cause: unknown) => log.warn({ cause: String(cause) }, "sending failed; it is tried again"))
          .finally(() => lanes.delete(webhookId));
        lanes.set(webhookId, lane);
      }
    },
    done,
    async stop() {
      stopped = true;
      await done();
    },
  };
}
