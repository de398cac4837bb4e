import { parentPort, workerData } from "node:worker_threads";
import { assert } from "@trato/base";
import { fitAndMeasure } from "./fit.ts";
import type { FitReply, FitRequest } from "./thread.ts";

/** The thread's own code: one request in `workerData`, progress and one result out. */
assert(parentPort !== null, "this file runs in a worker thread");
const port = parentPort;
const say = (reply: FitReply, transfer: ArrayBuffer[] = []) => port.postMessage(reply, transfer);
const { collected, champion } = workerData as FitRequest;
const fitted = fitAndMeasure(collected, champion, (step, shareDone) =>
  say({ kind: "progress", step, shareDone }),
);
say({ kind: "fitted", fitted }, [fitted.bytes.buffer as ArrayBuffer]);
