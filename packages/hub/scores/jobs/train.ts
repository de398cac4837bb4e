import type { TrainingOutcome } from "@trato/contract";
import { families } from "../families/index.ts";
import { readChampions } from "../store.ts";
import { type TrainNeeds, train } from "../training/train.ts";
import { beginNextTraining, noteTraining, tryTrainingLock } from "../training-store.ts";

export type TrainJobNeeds = TrainNeeds & {
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
      const next = await beginNextTraining(needs.database, needs.clock.nowMs());
      if (next === null) return false;
      await runTraining(needs, next);
      return true;
    });
    if (!trained) return;
  }
}

async function runTraining(
  needs: TrainJobNeeds,
  { jobId, family }: NonNullable<Awaited<ReturnType<typeof beginNextTraining>>>,
): Promise<void> {
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
    const asked = { families: family === null ? families.map(({ name }) => name) : [family], train: true };
    const outcomes = await train(needs, asked, onProgress, stopping);
    await noted;
    await note(endOf(outcomes));
    log.info({ jobId, outcomes: outcomes.map((one) => `${one.family}: ${one.why.en}`) }, "a training ended");
  } catch (cause) {
    await noted;
    if (stopping.aborted) return await note({ state: "waiting", step: "waiting", shareDone: 0 });
    log.error({ jobId, cause: cause instanceof Error ? cause.stack : String(cause) }, "a training failed");
    await note({ state: "failed", detail: cause instanceof Error ? cause.message : String(cause) });
  }
}

/** Done when any family got a model; else what the first of them said. */
function endOf(outcomes: readonly TrainingOutcome[]): Parameters<typeof noteTraining>[3] {
  const trained = outcomes.find(({ state }) => state === "trained");
  if (trained !== undefined) {
    return { state: "done", step: "done", shareDone: 1, version: trained.version!, outcomes };
  }
  const first = outcomes[0];
  return { state: first?.state === "failed" ? "failed" : "refused", detail: first?.why.en ?? "", outcomes };
}

/** Looks at what has drifted since the models in charge learnt; not while a training runs, which looks itself. */
export async function lookForDrift(needs: TrainJobNeeds): Promise<void> {
  await needs.database.transaction(async (lock) => {
    if (!(await tryTrainingLock(lock))) return;
    const held = (await readChampions(needs.database)).map(({ family }) => family);
    if (held.length > 0)
      await train(needs, { families: held, train: false }, () => undefined, needs.stopping);
  });
}
