import { Worker } from "node:worker_threads";
import { limits } from "@trato/base";
import type { ModelFamily, Words } from "@trato/contract";
import type { Champion, Facts, Progress, Scored, Since, Strange, Told, Trained } from "./family.ts";

export type Asked = {
  readonly family: ModelFamily;
  readonly facts: Facts;
  readonly champion: Champion | null;
  /** To train; only to look at what has drifted; or to have the champion say what it has to say. */
  readonly work: "train" | "look" | "score";
};

type Said = {
  readonly rows: readonly Scored[];
  readonly weeks: readonly Told[];
  readonly days: readonly Strange[];
};
type Looked = { readonly inputs: Float64Array; readonly since: Since };
export type Result =
  | { readonly kind: "lacking"; readonly why: Words }
  | { readonly kind: "failed"; readonly why: string }
  | ({ readonly kind: "looked" } & Looked)
  | ({ readonly kind: "scored" } & Said)
  | ({ readonly kind: "trained"; readonly trained: Trained } & Looked);
export type Reply =
  | Result
  | { readonly kind: "progress"; readonly step: Parameters<Progress>[0]; readonly shareDone: number };

export type Thread = {
  /** Trains or looks at one family; one at a time. Throws the signal's reason when told to stop. */
  ask(asked: Asked, onProgress: Progress): Promise<Result>;
  end(): Promise<void>;
};

/**
 * A thread of its own for trainings, so that the hub goes on answering. Facts are shared, not copied. It is begun when
 * it is first asked; a family that takes more than `limits.trainingHeapMiB` ends it, and the next begins another.
 */
export function trainingThread(signal?: AbortSignal): Thread {
  let worker: Worker | null = null;
  const end = async (): Promise<void> => {
    const ending = worker;
    worker = null;
    await ending?.terminate();
  };
  return {
    async ask(asked, onProgress) {
      signal?.throwIfAborted();
      worker ??= new Worker(new URL("./worker.ts", import.meta.url), {
        resourceLimits: { maxOldGenerationSizeMb: limits.trainingHeapMiB },
      });
      const running = worker;
      const { promise, resolve, reject } = Promise.withResolvers<Result>();
      const hear = (reply: Reply): void => {
        if (reply.kind === "progress") onProgress(reply.step, reply.shareDone);
        else resolve(reply);
      };
      const fail = (cause: Error): void => {
        if (worker === running) worker = null;
        resolve({ kind: "failed", why: cause.message });
      };
      const exit = (code: number): void =>
        fail(new Error(`The training thread ended early, with code ${code}.`));
      const stop = (): void => reject(signal?.reason);
      running.on("message", hear).on("error", fail).on("exit", exit);
      signal?.addEventListener("abort", stop, { once: true });
      try {
        running.postMessage(asked);
        return await promise;
      } catch (cause) {
        await end();
        throw cause;
      } finally {
        signal?.removeEventListener("abort", stop);
        running.off("message", hear).off("error", fail).off("exit", exit);
      }
    },
    end,
  };
}
