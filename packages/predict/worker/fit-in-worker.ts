import { assert } from "@trato/base";
import { type GivenOf, type ModelName, type ModelOf, models } from "./models.ts";
import { startThread } from "./threads.ts";

export type FitRequest = { readonly name: ModelName; readonly given: readonly unknown[] };
export type FitReply =
  | { readonly kind: "progress"; readonly share: number }
  | { readonly kind: "fitted"; readonly bytes: Uint8Array }
  | { readonly kind: "refused"; readonly says: string };

export type FitInWorkerOptions = {
  /** Ends the thread at once, wherever the fit is; the promise is then rejected with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Told the share that is done, from 0 to 1; models that take less than a second tell the end alone. */
  readonly onProgress?: (share: number) => void;
  /**
   * Buffers of the data that may change hands: nothing is copied, and the caller's views of them become empty. Data in
   * shared memory (`SharedArrayBuffer`) are never copied. Default none: the data are copied, and stay as they are.
   */
  readonly handOver?: readonly ArrayBuffer[];
};

/**
 * Fits any model of `models` in a thread of its own, so that this one goes on answering: in Node a worker thread, in a
 * browser a web worker. Rejects with what the fit refuses its data with. For many fits, call it as often as there are
 * cores.
 *
 * Cost: some 100 ms to start a thread, and copying the data (see `handOver`) and the model's bytes.
 */
export async function fitInWorker<Name extends ModelName>(
  name: Name,
  given: GivenOf<Name>,
  { signal, onProgress, handOver = [] }: FitInWorkerOptions = {},
): Promise<ModelOf<Name>> {
  assert(Object.hasOwn(models, name), `there is a model called ${name}`);
  signal?.throwIfAborted();
  let end = (): void => {};
  const fitted = new Promise<Uint8Array>((resolve, reject) => {
    const thread = startThread({
      failed: reject,
      message(message) {
        const reply = message as FitReply;
        if (reply.kind === "progress") onProgress?.(reply.share);
        else if (reply.kind === "fitted") resolve(reply.bytes);
        else reject(new Error(reply.says));
      },
    });
    const stop = (): void => reject(signal?.reason);
    signal?.addEventListener("abort", stop, { once: true });
    end = () => {
      signal?.removeEventListener("abort", stop);
      thread.stop();
    };
    thread.post({ name, given } satisfies FitRequest, handOver);
  });
  try {
    const model = models[name].fromBytes(await fitted) as ModelOf<Name>;
    onProgress?.(1);
    return model;
  } finally {
    end();
  }
}
