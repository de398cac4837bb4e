import { limits } from "@trato/base";

/** Wakes whoever listens to a channel; many calls within `limits.notifyMsMin` are one NOTIFY. */
export type Notifier = { notify(channel: string): void; stop(): void };

/**
 * NOTIFY takes a lock of the whole database from before the commit until after its fsync: written into every
 * command's transaction it would make commits queue one behind the other. Here it is sent after the commit, at most
 * once in `limits.notifyMsMin`, by itself. It may get lost (the process ends in between): so listeners also look
 * by the clock.
 *
 * Source: PostgreSQL 17, PreCommit_Notify in src/backend/commands/async.c.
 */
export function createNotifier(send: (channel: string) => Promise<unknown>): Notifier {
  const resting = new Map<string, { again: boolean; timer: NodeJS.Timeout }>();
  let stopped = false;
  const notify = (channel: string): void => {
    if (stopped) return;
    const rest = resting.get(channel);
    if (rest !== undefined) {
      rest.again = true;
      return;
    }
    const timer = setTimeout(() => {
      const { again } = resting.get(channel)!;
      resting.delete(channel);
      if (again) notify(channel);
    }, limits.notifyMsMin);
    resting.set(channel, { again: false, timer });
    send(channel).catch(() => undefined);
  };
  return {
    notify,
    stop() {
      stopped = true;
      for (const { timer } of resting.values()) clearTimeout(timer);
    },
  };
}
