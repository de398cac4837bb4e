import { Worker } from "node:worker_threads";
import type { Collected } from "./collect.ts";
import type { Champion } from "./contender.ts";
import type { Fitted, Progress } from "./fit.ts";

export type FitRequest = { readonly collected: Collected; readonly champion: Champion | null };
export type FitReply =
  | { readonly kind: "progress"; readonly step: Parameters<Progress>[0]; readonly shareDone: number }
  | { readonly kind: "fitted"; readonly fitted: Fitted };

/**
 * Runs `fitAndMeasure` in a thread of its own, so that the hub goes on answering. The purchases are shared, not
 * copied. When `signal` says stop the thread is ended and this throws the signal's reason.
 */
export async function fitInThread(
  request: FitRequest,
  onProgress: Progress,
  signal?: AbortSignal,
): Promise<Fitted> {
  signal?.throwIfAborted();
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { workerData: request });
  const { promise, resolve, reject } = Promise.withResolvers<Fitted>();
  worker.on("message", (reply: FitReply) => {
    if (reply.kind === "progress") onProgress(reply.step, reply.shareDone);
    else resolve(reply.fitted);
  });
  worker.on("error", reject);
  worker.on("exit", (code) => reject(new Error(`The training thread ended early, with code ${code}.`)));
  const stop = (): void => reject(signal?.reason);
  signal?.addEventListener("abort", stop, { once: true });
  try {
    return await promise;
  } finally {
    signal?.removeEventListener("abort", stop);
    await worker.terminate();
  }
}
