import assert from "node:assert/strict";
import type { HubAt } from "./ask.ts";

/** One server-sent event as it came; `data` is parsed. */
export type Heard = {
  readonly event: string;
  readonly id: string;
  readonly data: {
    readonly key: string;
    readonly reason?: string;
    readonly data: Readonly<Record<string, unknown>>;
  };
};

export type Following = {
  readonly status: number;
  /** The next event, words about the stream itself included; undefined at the end. */
  next(): Promise<Heard | undefined>;
  /** The next events of topics, so many of them. */
  take(count: number): Promise<Heard[]>;
  /** All that still comes until the stream ends. */
  rest(): Promise<Heard[]>;
  lastId(): string;
  close(): void;
};

const isWord = ({ event }: Heard): boolean => ["ready", "gap", "caught_up", "dropped"].includes(event);

/** Follows a hub's stream as a browser would, by the rules of the HTML standard. */
export async function followHub(
  at: HubAt,
  query: Readonly<Record<string, string>> = {},
  more: { readonly after?: string; readonly key?: string } = {},
): Promise<Following> {
  const stop = new AbortController();
  const response = await fetch(`${at.url}/v1/stream?${new URLSearchParams(query)}`, {
    headers: {
      authorization: `Bearer ${more.key ?? at.key}`,
      ...(more.after === undefined ? {} : { "last-event-id": more.after }),
    },
    signal: AbortSignal.any([stop.signal, AbortSignal.timeout(60_000)]),
  });
  let lastId = more.after ?? "";
  const events = readEvents(response, (id) => {
    lastId = id;
  });
  const next = async (): Promise<Heard | undefined> => {
    const { value, done } = await events.next();
    return done === true ? undefined : value;
  };
  return {
    status: response.status,
    next,
    async take(count) {
      const taken: Heard[] = [];
      while (taken.length < count) {
        const heard = await next();
        assert.ok(heard !== undefined, `the stream ended after ${taken.length} of ${count} changes`);
        if (!isWord(heard)) taken.push(heard);
      }
      return taken;
    },
    async rest() {
      const all: Heard[] = [];
      for (let heard = await next(); heard !== undefined; heard = await next()) all.push(heard);
      return all;
    },
    lastId: () => lastId,
    close: () => stop.abort(),
  };
}

async function* readEvents(response: Response, onId: (id: string) => void): AsyncGenerator<Heard, undefined> {
  let text = "";
  let id = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body!) {
    text += decoder.decode(chunk, { stream: true });
    const blocks = text.split("\n\n");
    text = blocks.pop()!;
    for (const block of blocks) {
      const fields = Object.fromEntries(
        block.split("\n").map((line) => {
          const [name = "", ...value] = line.split(": ");
          return [name, value.join(": ")];
        }),
      );
      if (fields["id"] !== undefined) id = fields["id"];
      onId(id);
      if (fields["data"] === undefined) continue;
      yield { event: fields["event"] ?? "message", id, data: JSON.parse(fields["data"]) as Heard["data"] };
    }
  }
  return undefined;
}
