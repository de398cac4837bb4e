import { setTimeout as delay } from "node:timers/promises";
import { type Chance, type Clock, limits } from "@trato/base";
import { announce, type Database, type Log, outboxChannel } from "../platform/index.ts";
import { type Leased, settleAttempt } from "./delivery-store.ts";
import { dispatch } from "./dispatch.ts";
import { createLanes } from "./lanes.ts";
import { type PostNeeds, post } from "./post.ts";
import { disables, nextOf } from "./rules.ts";
import { signedHeaders } from "./sign.ts";
import { countAttempt, disableWebhook, type Webhook } from "./store.ts";

export type SenderNeeds = {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly draw: Chance;
  readonly http: Omit<PostNeeds, "nowMs">;
};

export type Sender = {
  start(): Promise<void>;
  /** Makes deliveries of all that was announced before, and sends what is due; for tests that move the clock. */
  sendDue(): Promise<void>;
  stop(): Promise<void>;
};

/**
 * Sends what is due. Each webhook has a lane of its own, so that one that hangs or is away delays no other; any number
 * of hubs may send at once, each delivery leased by one of them.
 */
export function createSender(needs: SenderNeeds): Sender {
  const { database, clock, log } = needs;
  const lanes = createLanes(needs, (webhook, one) => attempt(needs, webhook, one));
  let stopped = false;
  let isAsked = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let unlisten = async (): Promise<void> => undefined;

  /** True when more is there that could not be had yet. */
  const dispatchAll = async (): Promise<boolean> => {
    for (;;) {
      const { looked, heldBack } = await dispatch(database, clock.nowMs());
      if (looked < limits.sendDispatchRows || stopped) return heldBack;
    }
  };
  const tick = async (): Promise<void> => {
    let heldBack = false;
    try {
      heldBack = await dispatchAll();
      await lanes.start();
    } catch (cause) {
      log.warn({ cause: String(cause) }, "deliveries could not be made; it is tried again");
    }
    running = undefined;
    wakeIn(isAsked || heldBack ? limits.sendWakeMsMin : limits.sendTickMs);
  };
  const wakeIn = (ms: number): void => {
    clearTimeout(timer);
    if (stopped) return;
    timer = setTimeout(() => {
      isAsked = false;
      running = tick();
    }, ms);
  };
  // A hundred commits a second wake it twenty times.
  const wake = (): void => {
    if (running === undefined && !isAsked) wakeIn(limits.sendWakeMsMin);
    isAsked = true;
  };
  return {
    async start() {
      unlisten = await database.listen(outboxChannel, wake);
      wake();
    },
    async sendDue() {
      while (await dispatchAll()) await delay(limits.sendWakeMsMin / 5);
      await lanes.start();
      await lanes.done();
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await unlisten();
      await running;
      await lanes.stop();
    },
  };
}

/** Sends one delivery and keeps what came of it. */
async function attempt(
  { database, clock, draw, http, log }: SenderNeeds,
  webhook: Webhook,
  { deliveryId, body, tries }: Leased,
): Promise<void> {
  const { webhookId, url, secret, secretsBefore } = webhook;
  const sentMs = clock.nowMs();
  const before = secretsBefore.filter(({ untilMs }) => untilMs > sentMs);
  const secrets = [secret, ...before.map((one) => one.secret)];
  const headers = signedHeaders({ id: `msg_${deliveryId}`, nowMs: sentMs, body }, secrets);
  const outcome = await post({ ...http, nowMs: () => clock.nowMs() }, { url, headers, body });
  const nowMs = clock.nowMs();
  const why = await database.transaction(async (tx) => {
    const arrived = outcome.outcome === "arrived";
    const since = await countAttempt(tx, webhook, { arrived, nowMs });
    // It was moved meanwhile: what its old address says is not the new one's word, and the new one gets the delivery.
    const isMoved = since === undefined && !arrived;
    const next = isMoved
      ? ({ state: "waiting", dueMs: nowMs } as const)
      : nextOf(tries + 1, outcome, nowMs, draw);
    await settleAttempt(tx, { webhookId, deliveryId }, { outcome, next, nowMs });
    if (since === undefined) return undefined;
    const disabled = disables(outcome.outcome, since, nowMs);
    if (disabled === undefined || !(await disableWebhook(tx, webhookId, disabled))) return undefined;
    const change = { topic: "webhook.disabled", key: webhookId, place: null, personId: null } as const;
    await announce(tx, [{ ...change, data: { why: disabled } }], nowMs);
    return disabled;
  });
  if (why !== undefined) log.warn({ webhookId, why }, "a webhook was switched off");
}
