import type { Log } from "../../platform/index.ts";
import { beginNextTraining, noteTraining, tryTrainingLock } from "../store.ts";
import { type TrainNeeds, train } from "../training/train.ts";

export type TrainJobNeeds = TrainNeeds & {
  readonly log: Log;
  /** Told when the hub stops: the training waits again, for the next hub. */
  readonly stopping: AbortSignal;
};

/**
 * Does the trainings that wait, one after the other, one at a time in the whole database. When another hub is training
 * this returns at once: that one looks again when it is done, so no request is forgotten.
 */
export async function trainWaiting(needs: TrainJobNeeds): Promise<void> {
  while (!needs.stopping.aborted) {
    // The lock ends with the connection, so a hub that dies holds nobody up. Locking assigns no transaction id:
    // readers of the log do not wait for a training.
    const trained = await needs.database.transaction(async (lock) => {
      if (!(await tryTrainingLock(lock))) return false;
      const jobId = await beginNextTraining(needs.database, needs.clock.nowMs());
      if (jobId === null) return false;
      await runTraining(needs, jobId);
      return true;
    });
    if (!trained) return;
  }
}

async function runTraining(needs: TrainJobNeeds, jobId: string): Promise<void> {
  const { database, clock, log, stopping } = needs;
  type Now = Parameters<typeof noteTraining>[3];
  const note = (now: Now): Promise<void> => noteTraining(database, jobId, clock.nowMs(), now);
  let noted: Promise<unknown> = Promise.resolve();
  const onProgress = (step: string, shareDone: number): void => {
    noted = noted
      .then(() => note({ step, shareDone }))
      .catch((cause: unknown) =>
        log.warn({ jobId, cause: String(cause) }, "progress of a training could not be noted"),
      );
  };
  try {
    const result = await train(needs, onProgress, stopping);
    await noted;
    if (!result.ok) return await note({ state: "refused", detail: result.detail ?? result.problem });
    const { version, people, orders, items, card } = result.value;
    await note({ state: "done", step: "done", shareDone: 1, version });
    log.info({ jobId, version, people, orders, items, promoted: card.verdict.promoted }, card.verdict.why.en);
  } catch (cause) {
    await noted;
    if (stopping.aborted) return await note({ state: "waiting", step: "waiting", shareDone: 0 });
    log.error({ jobId, cause: cause instanceof Error ? cause.stack : String(cause) }, "a training failed");
    await note({ state: "failed", detail: cause instanceof Error ? cause.message : String(cause) });
  }
}
