import { nowMs } from "./now.ts";
import type { Store } from "./store.ts";

/** Events in a store, oldest first, so many and no more; the oldest make room. */
export type Queue = {
  names(): string[];
  read(names: readonly string[]): object[];
  keep(event: object): void;
  remove(names: readonly string[]): void;
  lose(names: readonly string[]): void;
};

export function createQueue(store: Store, keptMax: number, onLost: (events: number) => void): Queue {
  let counter = 0;
  const names = (): string[] =>
    store
      .names()
      .filter((name) => name.startsWith("event/"))
      .sort();
  // Sorts by time, and two tabs never choose the same name.
  const nextName = (): string => {
    const nth = String(counter++).padStart(8, "0");
    return `event/${String(Math.floor(nowMs())).padStart(15, "0")}-${nth}-${crypto.randomUUID()}`;
  };
  const remove = (gone: readonly string[]): void => {
    for (const name of gone) store.remove(name);
  };
  const lose = (gone: readonly string[]): void => {
    remove(gone);
    if (gone.length > 0) onLost(gone.length);
  };
  return {
    ...{ names, remove, lose },
    read: (wanted) =>
      wanted
        .map((name) => store.read(name))
        .filter((text) => text !== null)
        .map((text) => JSON.parse(text) as object),
    keep(event) {
      const there = names();
      lose(there.slice(0, Math.max(0, there.length + 1 - keptMax)));
      const name = nextName();
      for (;;) {
        try {
          store.write(name, JSON.stringify(event));
          return;
        } catch {
          const oldest = names().slice(0, 1);
          if (oldest.length === 0) {
            onLost(1);
            return;
          }
          lose(oldest);
        }
      }
    },
  };
}
