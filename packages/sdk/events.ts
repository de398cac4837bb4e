import type { Answer } from "./answer.ts";
import { mayTryAgain } from "./answer.ts";
import { nowMs } from "./now.ts";
import { createQueue } from "./queue.ts";
import { backoffMs, type Connect, request } from "./request.ts";
import { bestStore, type Store } from "./store.ts";
import type { EventData, EventTypeName, Gives } from "./types.ts";

type Identities = Readonly<Record<string, string | readonly string[]>>;
type More = {
  /** The same id again is one event; made here when left out. */
  readonly id?: string;
  /** RFC 3339; now when left out. */
  readonly time?: string;
  readonly channel?: string;
  readonly store?: string;
  readonly session?: string;
  readonly identities?: Identities;
};
type Taken = Gives<"postEvents">;

export type EventsOptions = {
  /** Where events wait; localStorage in a page and memory elsewhere when left out. */
  readonly store?: Store;
  /** Sent as soon as so many wait (20), or the oldest is so old (2,000 ms). */
  readonly batchEvents?: number;
  readonly batchMs?: number;
  /** More than so many are never kept (5,000): the oldest make room. */
  readonly keptMax?: number;
  /** Hears what the hub took, for figures and tests. */
  readonly onTaken?: (taken: Taken) => void;
  /** Hears how many events were given up: no room, or the hub will never take them (the key is wrong). */
  readonly onLost?: (events: number) => void;
};

export type Events = {
  /** Keeps an event and sends it soon; it waits out a closed network and a reload of the page. */
  record<Name extends EventTypeName>(type: Name, data: EventData<Name>, more?: More): void;
  /** The same for a type of one's own: "custom.…". */
  recordCustom(type: `custom.${string}`, data: object, more?: More): void;
  /** Sends what waits now; resolves with how many are left. */
  flush(): Promise<number>;
  waiting(): number;
  /** Sends no more by itself; what waits stays in the store. */
  stop(): void;
};

type Browser = {
  addEventListener?: (name: string, heard: () => void) => void;
  removeEventListener?: (name: string, heard: () => void) => void;
};

/** The queue of events in front of a hub. Delivery is at least once, and the hub keeps each id once. */
export function createEvents(connect: Connect, options: EventsOptions = {}): Events {
  const { batchEvents = 20, batchMs = 2_000, keptMax = 5_000 } = options;
  const queue = createQueue(options.store ?? bestStore(), keptMax, options.onLost ?? (() => undefined));
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<number> | undefined;
  let failures = 0;

  const sendAll = async (): Promise<number> => {
    for (let names = queue.names(); names.length > 0; names = queue.names()) {
      const batch = names.slice(0, batchEvents);
      const answer = await sendBatch(connect, queue.read(batch));
      if (answer.ok) {
        failures = 0;
        queue.remove(batch);
        options.onTaken?.(answer.value);
      } else if (mayTryAgain(answer) || answer.status === 401 || answer.status === 403) {
        // A key can be put right; what waits is not thrown away for it.
        failures += 1;
        return names.length;
      } else queue.lose(batch);
    }
    return 0;
  };
  const flush = async (): Promise<number> => {
    running ??= sendAll().finally(() => {
      running = undefined;
    });
    const left = await running;
    if (left > 0) sendIn(backoffMs(Math.min(failures, 6)));
    return left;
  };
  const sendIn = (ms: number): void => {
    clearTimeout(timer);
    if (stopped) return;
    timer = setTimeout(() => void flush().catch(() => undefined), ms);
  };
  const add = (type: string, data: object, more: More = {}): void => {
    const time = new Date(nowMs()).toISOString();
    queue.keep({ id: crypto.randomUUID(), time, ...more, type, data });
    if (failures === 0) sendIn(queue.names().length >= batchEvents ? 0 : batchMs);
  };
  // What an earlier page left is sent by this one, and again as soon as the network is back.
  const browser = globalThis as Browser;
  const onOnline = (): void => sendIn(0);
  browser.addEventListener?.("online", onOnline);
  if (queue.names().length > 0) sendIn(0);

  return {
    record: add,
    recordCustom: add,
    flush,
    waiting: () => queue.names().length,
    stop() {
      stopped = true;
      clearTimeout(timer);
      browser.removeEventListener?.("online", onOnline);
    },
  };
}

function sendBatch(connect: Connect, events: readonly object[]): Promise<Answer<Taken>> {
  const body = { events, sentAt: new Date(nowMs()).toISOString() };
  return request<Taken>({ ...connect, tries: 1 }, { method: "POST", address: "/v1/events", body });
}
