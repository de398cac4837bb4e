import { limits } from "@trato/base";
import { postEvents, putAside, type TakenAnswer } from "@trato/contract";
import type { Client } from "../client.ts";
import type { Batch } from "./batch.ts";

/** What the hub said of what it was sent. */
export type Tally = { sent: number; applied: number; repeat: number; quarantined: number; erased: number };
export type Acknowledged = { readonly events: Tally; readonly asides: Tally };

const noTally = (): Tally => ({ sent: 0, applied: 0, repeat: 0, quarantined: 0, erased: 0 });
export const nothingYet = (): Acknowledged => ({ events: noTally(), asides: noTally() });

export type Sender = {
  /** Resolves when there is room for another batch. Throws what went wrong with an earlier one. */
  readonly send: (batch: Batch) => Promise<void>;
  /** Resolves when all is acknowledged. */
  readonly end: () => Promise<void>;
};

/**
 * Sends batches, `lanes` at a time. `onAcknowledged` is told of each in the order of the file, as soon as it and all
 * before it are acknowledged: what it is told of is durable in the hub, whatever happens next.
 */
export function createSender(
  client: Client,
  onAcknowledged: (batch: Batch, answer: Acknowledged) => void,
  lanes: number = limits.importLanes,
): Sender {
  const underWay = new Set<Promise<void>>();
  let last: Promise<void> = Promise.resolve();
  let failure: { readonly cause: unknown } | undefined;
  const throwFailure = () => {
    if (failure !== undefined) throw failure.cause;
  };
  return {
    async send(batch) {
      throwFailure();
      while (underWay.size >= lanes) await Promise.race(underWay);
      throwFailure();
      const before = last;
      const work = post(client, batch);
      last = work.then(async (answer) => {
        await before;
        if (failure === undefined) onAcknowledged(batch, answer);
      });
      const one = last.catch((cause: unknown) => {
        failure ??= { cause };
      });
      last = one;
      underWay.add(one);
      void one.then(() => underWay.delete(one));
    },
    async end() {
      await Promise.all(underWay);
      throwFailure();
    },
  };
}

async function post(client: Client, { events, asides }: Batch): Promise<Acknowledged> {
  const acknowledged = nothingYet();
  if (events.length > 0) {
    const bodyText = `{"events":[${events.join(",")}]}`;
    addInto(acknowledged.events, await client.call(postEvents, { bodyText }), events.length);
  }
  for (let at = 0; at < asides.length; at += limits.importBatchEvents) {
    const items = asides.slice(at, at + limits.importBatchEvents);
    addInto(acknowledged.asides, await client.call(putAside, { body: { items } }), items.length);
  }
  return acknowledged;
}

function addInto(tally: Tally, answer: TakenAnswer, sent: number): void {
  tally.sent += sent;
  tally.applied += answer.applied;
  tally.repeat += answer.repeat;
  tally.quarantined += answer.quarantined;
  tally.erased += answer.erased;
}

/** Adds one tally of each to the other. */
export function sumInto(sum: Acknowledged, more: Acknowledged): void {
  for (const part of ["events", "asides"] as const) {
    for (const name of ["sent", "applied", "repeat", "quarantined", "erased"] as const) {
      sum[part][name] += more[part][name];
    }
  }
}

/** True when the hub has every event that was sent, those of erased people apart, and every line put aside. */
export function holdsAll({ events, asides }: Acknowledged): boolean {
  return (
    events.applied + events.repeat + events.erased === events.sent &&
    asides.quarantined + asides.repeat === asides.sent
  );
}
