import { limits } from "@trato/base";
import type { Log } from "./log.ts";

/** A view of rows that change seldom and are read always: held in memory, replaced as a whole, never changed. */
export type Snapshots<View> = {
  now(): View;
  /** Reads what changed since; whoever asks meanwhile gets a reading that began after they asked. */
  refresh(): Promise<View>;
  stop(): Promise<void>;
};

/**
 * Keeps a snapshot: reads it once before it answers, then looks for changes at least every `limits.snapshotPollMs`,
 * so that a process hears in time of what another one wrote. `load` is handed the snapshot before and returns the
 * same one when nothing changed. A failed look is logged and tried again; the view in hand stays.
 */
export async function keepSnapshot<View>(options: {
  readonly name: string;
  readonly log: Log;
  readonly load: (before: View | undefined) => Promise<View>;
  readonly pollMs?: number;
}): Promise<Snapshots<View>> {
  let view = await options.load(undefined);
  let running: Promise<View> | undefined;
  let next: Promise<View> | undefined;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  const load = async (): Promise<View> => {
    view = await options.load(view);
    return view;
  };
  const start = (): Promise<View> => {
    running = load().finally(() => {
      running = undefined;
    });
    return running;
  };
  // A reading under way may have begun before the caller's write: one more is queued for all who ask meanwhile.
  const refresh = (): Promise<View> => {
    if (running === undefined) return start();
    next ??= running
      .catch(() => view)
      .then(() => {
        next = undefined;
        return start();
      });
    return next;
  };
  const look = async (): Promise<void> => {
    await refresh().catch((cause: unknown) => {
      options.log.warn(
        { snapshot: options.name, cause: String(cause) },
        "a snapshot could not be refreshed; it stays",
      );
    });
    wait();
  };
  const wait = (): void => {
    if (stopped) return;
    timer = setTimeout(() => void look(), options.pollMs ?? limits.snapshotPollMs);
    timer.unref();
  };
  wait();
  return {
    now: () => view,
    refresh,
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await next?.catch(() => view);
      await running?.catch(() => view);
    },
  };
}

/** Loads past views by version and remembers the last few; whoever asks for one under way waits for the same. */
export function rememberPast<View>(
  load: (version: string) => Promise<View>,
  most: number = limits.pastSnapshotsKept,
): (version: string) => Promise<View> {
  const kept = new Map<string, Promise<View>>();
  return (version) => {
    const found = kept.get(version);
    if (found !== undefined) {
      kept.delete(version);
      kept.set(version, found);
      return found;
    }
    const loading = load(version);
    kept.set(version, loading);
    loading.catch(() => {
      if (kept.get(version) === loading) kept.delete(version);
    });
    if (kept.size > most) kept.delete(kept.keys().next().value!);
    return loading;
  };
}
