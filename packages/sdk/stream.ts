import type { Refused } from "./answer.ts";
import { mayTryAgain, unreachable } from "./answer.ts";
import { backoffMs, type Connect, headersOf, refusalOf, sleep } from "./request.ts";
import { readMessages } from "./sse.ts";
import type { ChangeHeard, Query } from "./types.ts";

export type Wish = Omit<Query<"followStream">, "ends" | "lastEventId">;

export type Heard = {
  readonly onChange: (change: ChangeHeard, id: string) => void;
  /** Changes were missed for good: read again what you show. */
  readonly onGap?: () => void;
  /** Connected, at first and after every break. */
  readonly onReady?: () => void;
  /** Broke off; it is tried again by itself. */
  readonly onBreak?: (why: string) => void;
  /** Given up: the hub refuses it, and would again. */
  readonly onRefused?: (refused: Refused) => void;
};

export type Following = {
  /** The id to go on from, another time. */
  lastId(): string | undefined;
  stop(): void;
};

/** Longer than a heartbeat takes: a connection that is silent for so long is dead. */
const silenceMsMax = 45_000;

/**
 * Follows changes over fetch, because EventSource cannot send a key. Goes on from the last id after every break, at
 * whichever hub answers: nothing is missed and nothing heard twice.
 */
export function followChanges(connect: Connect, wish: Wish, heard: Heard, after?: string): Following {
  const stop = new AbortController();
  let lastId = after;
  let failures = 0;

  const once = async (): Promise<Refused | undefined> => {
    const asked = Object.entries(wish).filter(([, value]) => value !== undefined);
    const query = new URLSearchParams(asked as [string, string][]);
    const silence = new AbortController();
    let timer = setTimeout(() => silence.abort(), silenceMsMax);
    const isAlive = () => {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), silenceMsMax);
    };
    try {
      const response = await (connect.fetch ?? fetch)(`${connect.url}/v1/stream?${query}`, {
        headers: { ...headersOf(connect), ...(lastId === undefined ? {} : { "last-event-id": lastId }) },
        signal: AbortSignal.any([stop.signal, silence.signal]),
      });
      if (!response.ok) return await refusalOf(response);
      const onId = (id: string) => {
        isAlive();
        if (id !== "") lastId = id;
      };
      for await (const { event, id, data } of readMessages(response.body!, onId)) {
        if (event === "ready") {
          failures = 0;
          heard.onReady?.();
        } else if (event === "gap") heard.onGap?.();
        else if (event === "dropped") heard.onBreak?.((JSON.parse(data) as { reason: string }).reason);
        else heard.onChange(JSON.parse(data) as ChangeHeard, id);
      }
      return undefined;
    } catch (cause) {
      return unreachable(cause);
    } finally {
      clearTimeout(timer);
    }
  };
  const loop = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      const refused = await once();
      if (stop.signal.aborted) return;
      if (refused !== undefined && !mayTryAgain(refused)) return heard.onRefused?.(refused);
      if (refused !== undefined) heard.onBreak?.(refused.code);
      await sleep(backoffMs(Math.min(failures++, 6)), stop.signal);
    }
  };
  void loop();
  return { lastId: () => lastId, stop: () => stop.abort() };
}
