import { randomUUID } from "node:crypto";
import { limits } from "@trato/base";
import { type Database, type Log, textArray } from "../platform/index.ts";

/** Somebody looked at a thing: the number of the visit, which names nobody, and the item. */
export type Click = readonly [visit: number, sku: string];

export type SharedClicks = {
  /** Tells the other hubs of the database, within `limits.clicksToldMs`. Never waits and never fails. */
  tell(clicks: readonly Click[]): void;
  /** Nothing is heard or told any more. */
  stop(): Promise<void>;
};

const channel = "scores_clicks";

/**
 * The clicks one hub takes in, as all others of the database hear them: by NOTIFY, a statement for whatever was
 * gathered, none when there was nothing. Nothing is kept. In a rush the newest `limits.clicksToldMax` are told, and a
 * hub whose connection is away misses what is told meanwhile: the index of visits is a sample of them in any case.
 */
export async function shareClicks(needs: {
  readonly database: Database;
  readonly log: Log;
  /** Handed what other hubs told, oldest first. */
  readonly hear: (clicks: readonly Click[]) => void;
}): Promise<SharedClicks> {
  const { database, log, hear } = needs;
  const self = randomUUID();
  let waiting: Click[] = [];
  let timer: NodeJS.Timeout | undefined;
  let telling: Promise<unknown> = Promise.resolve();
  let stopped = false;

  const tellAll = (): void => {
    timer = undefined;
    const notes = notesOf(self, waiting);
    waiting = [];
    telling = telling
      .then(() =>
        database.query({
          name: "scores/tell_clicks",
          text: "select pg_notify($1, note) from unnest($2::text[]) as n (note)",
          values: [channel, textArray(notes)],
        }),
      )
      .catch((cause: unknown) =>
        log.warn({ cause: String(cause) }, "clicks could not be told to the other hubs"),
      );
  };
  const unlisten = await database.listen(channel, (note) => {
    if (!note.startsWith(self)) hear(clicksOf(note));
  });
  return {
    tell(clicks) {
      if (stopped || clicks.length === 0) return;
      waiting = [...waiting, ...clicks].slice(-limits.clicksToldMax);
      timer ??= setTimeout(tellAll, limits.clicksToldMs);
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await unlisten();
      await telling;
    },
  };
}

/** PostgreSQL takes notes of less than 8,000 bytes: each begins with who tells, and holds whole clicks. */
function notesOf(self: string, clicks: readonly Click[]): string[] {
  const notes: string[] = [];
  let some: string[] = [];
  let bytes = 0;
  const end = (): void => {
    if (some.length > 0) notes.push(`${self}[${some.join(",")}]`);
    [some, bytes] = [[], 0];
  };
  for (const click of clicks) {
    const text = JSON.stringify(click);
    const length = Buffer.byteLength(text) + 1;
    if (length > limits.clickNoteBytesMax) continue;
    if (bytes + length > limits.clickNoteBytesMax) end();
    some.push(text);
    bytes += length;
  }
  end();
  return notes;
}

/** What a note says; empty for one that says nothing of the kind, as anybody may notify. */
function clicksOf(note: string): Click[] {
  const begins = note.indexOf("[");
  if (begins === -1) return [];
  try {
    const told: unknown = JSON.parse(note.slice(begins));
    return Array.isArray(told) ? told.filter(isClick) : [];
  } catch {
    return [];
  }
}

const isClick = (told: unknown): told is Click =>
  Array.isArray(told) && Number.isInteger(told[0]) && typeof told[1] === "string";
