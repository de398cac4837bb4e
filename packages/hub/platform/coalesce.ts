import { assert } from "@trato/base";

export type Coalesced<In, Out> = {
  (one: In): Promise<Out>;
  /** How many wait for a run to begin. */
  waiting(): number;
};

/** Thrown to a caller when `waitingMax` others wait already; the edge answers 503 with Retry-After. */
export class Overloaded extends Error {}

type Waiter<In, Out> = {
  readonly one: In;
  readonly weight: number;
  readonly resolve: (out: Out) => void;
  readonly reject: (cause: unknown) => void;
};

/**
 * Makes one run of many concurrent calls: while a run is under way the next calls gather, and then run together.
 * This is what makes a group commit: one transaction, one fsync, many answers. `run` answers in the calls' order;
 * when it throws, every call of that run throws the same.
 *
 * `lanes` runs may be under way at once. `weigh` says how much of `mostPerRun` a call takes (default 1).
 */
export function coalesce<In, Out>(options: {
  readonly mostPerRun: number;
  readonly waitingMax: number;
  readonly lanes: number;
  readonly weigh?: (one: In) => number;
  readonly run: (batch: readonly In[]) => Promise<readonly Out[]>;
}): Coalesced<In, Out> {
  const { mostPerRun, waitingMax, lanes, run } = options;
  const weigh = options.weigh ?? (() => 1);
  let queue: Waiter<In, Out>[] = [];
  let weightWaiting = 0;
  let running = 0;
  let scheduled = false;

  const takeBatch = (): Waiter<In, Out>[] => {
    let weight = 0;
    let count = 0;
    while (count < queue.length && (count === 0 || weight + queue[count]!.weight <= mostPerRun)) {
      weight += queue[count]!.weight;
      count += 1;
    }
    weightWaiting -= weight;
    const batch = queue.slice(0, count);
    queue = queue.slice(count);
    return batch;
  };

  const runOne = async (batch: readonly Waiter<In, Out>[]): Promise<void> => {
    try {
      const outs = await run(batch.map((waiter) => waiter.one));
      assert(outs.length === batch.length, "a coalesced run answers every call");
      for (const [i, waiter] of batch.entries()) waiter.resolve(outs[i] as Out);
    } catch (cause) {
      for (const waiter of batch) waiter.reject(cause);
    } finally {
      running -= 1;
      start();
    }
  };

  const start = (): void => {
    while (running < lanes && queue.length > 0) {
      running += 1;
      void runOne(takeBatch());
    }
  };

  // The end of this turn of the event loop: every request already parsed joins the same run.
  const startSoon = (): void => {
    if (scheduled) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      start();
    });
  };

  const call = (one: In): Promise<Out> => {
    const weight = weigh(one);
    if (weightWaiting + weight > waitingMax && queue.length > 0)
      return Promise.reject(new Overloaded("queue is full"));
    return new Promise<Out>((resolve, reject) => {
      queue.push({ one, weight, resolve, reject });
      weightWaiting += weight;
      startSoon();
    });
  };
  return Object.assign(call, { waiting: () => queue.length });
}
