import { setTimeout as delay } from "node:timers/promises";
import { type Clock, limits, secondMs } from "@trato/base";
import type { Database, Log } from "../platform/index.ts";
import { findOperation, leaseOperations, type Operation, postponeOperation } from "./operation-store.ts";
import { findPayment } from "./payment-store.ts";
import type { Answered, Provider } from "./provider.ts";
import { settleOperation } from "./settled.ts";
import type { Record } from "./tell.ts";

export type Settler = {
  /** Asks until this operation has an answer, at most `limits.operationWaitMsMax`; gives it as it is then. */
  settle(operationId: string): Promise<Operation>;
  /** Operations were written and their transaction has ended: they are asked for in a moment. */
  wake(): void;
  /** Asks everything that is due; returns how many. */
  sweep(): Promise<number>;
  stop(): Promise<void>;
};

export type SettleNeeds = {
  readonly database: Database;
  readonly providers: ReadonlyMap<string, Provider>;
  readonly record: Record;
  readonly clock: Clock;
  readonly log: Log;
};

const pauseMs = 100;

/**
 * Asks providers for what the books want of them, outside of any transaction: take an operation, ask, write down the
 * answer. A hub that dies in between leaves it pending; whoever takes it next asks with the same key.
 */
export function createSettler(needs: SettleNeeds): Settler {
  const { database, clock, log } = needs;
  const waiting = new Map<string, Promise<Operation>>();
  let stopped = false;
  let sweeping: Promise<number> | undefined;

  const sweep = (): Promise<number> => {
    sweeping ??= sweepOnce(needs).finally(() => {
      sweeping = undefined;
    });
    return sweeping;
  };
  const quietly = () => {
    if (stopped || needs.providers.size === 0) return;
    sweep().catch((cause: unknown) =>
      log.warn({ cause: String(cause) }, "payments could not be settled; they stay due"),
    );
  };
  const timer = setInterval(quietly, limits.operationSweepMs);
  timer.unref();
  return {
    settle(operationId) {
      const there = waiting.get(operationId);
      if (there !== undefined) return there;
      const settling = settleOne(needs, operationId).finally(() => waiting.delete(operationId));
      waiting.set(operationId, settling);
      return settling;
    },
    wake: () => void setImmediate(quietly),
    sweep,
    async stop() {
      stopped = true;
      clearInterval(timer);
      await Promise.allSettled([sweeping, ...waiting.values()]);
    },
  };

  async function settleOne(all: SettleNeeds, operationId: string): Promise<Operation> {
    for (let waitedMs = 0; ; waitedMs += pauseMs) {
      const operation = (await findOperation(database, operationId))!;
      if (operation.outcome !== "pending" || waitedMs >= limits.operationWaitMsMax || stopped)
        return operation;
      const nowMs = clock.nowMs();
      const leased = await leaseOperations(database, { ...lease(nowMs), paymentId: operation.paymentId });
      for (const one of leased) await ask(all, one);
      if (leased.length === 0) {
        // Asked before without an answer: it comes by itself later, and the caller need not wait for that.
        if (operation.tries > 0 && operation.reason !== null) return operation;
        await delay(pauseMs);
      }
    }
  }
}

const lease = (nowMs: number) => ({
  nowMs,
  leaseMs: limits.operationLeaseMs,
  most: limits.operationsPerSweep,
  lookMsMax: limits.actionLookMsMax,
});

async function sweepOnce(needs: SettleNeeds): Promise<number> {
  for (let total = 0; ; ) {
    const leased = await leaseOperations(needs.database, { ...lease(needs.clock.nowMs()), paymentId: null });
    await Promise.all(leased.map((one) => ask(needs, one)));
    total += leased.length;
    // What waited for one of these may be due now; what nobody answered is due later.
    if (leased.length === 0) return total;
  }
}

async function ask(needs: SettleNeeds, operation: Operation): Promise<void> {
  const { database, record, clock, log } = needs;
  const answered = await answerOf(needs, operation);
  const nowMs = clock.nowMs();
  const { operationId, kind, tries } = operation;
  if (operation.outcome === "action_needed" && ["action_needed", "unknown"].includes(answered.is)) {
    const nextMs = nowMs + Math.max(limits.actionLookMs, waitMsOf(tries));
    await postponeOperation(database, operationId, { nextMs, reason: null });
    return;
  }
  if (answered.is === "unknown") {
    log.warn(
      { operationId, kind, tries, reason: answered.reason },
      "a provider gave no answer; it is asked again",
    );
    const nextMs = nowMs + waitMsOf(tries);
    await postponeOperation(database, operationId, { nextMs, reason: answered.reason });
    return;
  }
  await database.transaction((tx) => settleOperation({ tx, record, nowMs }, operation, answered));
}

const waitMsOf = (tries: number): number =>
  Math.min(limits.providerAgainMsMax, 2 ** Math.min(tries, 20) * secondMs);

async function answerOf(
  { database, providers, clock, log }: SettleNeeds,
  operation: Operation,
): Promise<Answered> {
  const { operationId: key, paymentId, kind, amountMinor, token, askedMs } = operation;
  const payment = await findPayment(database, paymentId);
  const provider = providers.get(payment?.provider ?? "");
  if (payment === undefined || provider === undefined)
    return { is: "unknown", reason: "provider_not_set_up" };
  if (clock.nowMs() - askedMs > limits.providerKeyMs) {
    return { is: "unknown", reason: "asked_for_too_long; look at the provider's own pages" };
  }
  const asked = { key, paymentId, currency: payment.currency, amountMinor };
  try {
    if (operation.outcome === "action_needed")
      return await provider.look({ reference: payment.reference ?? "" });
    if (kind === "authorise") return await provider.authorise({ ...asked, token: token ?? "" });
    const named = { ...asked, reference: payment.reference ?? "" };
    if (kind === "capture") return await provider.capture(named);
    if (kind === "void") return await provider.release(named);
    return await provider.refund(named);
  } catch (cause) {
    log.debug({ cause: String(cause), operationId: key }, "a provider could not be asked");
    return { is: "unknown", reason: "no_answer" };
  }
}
