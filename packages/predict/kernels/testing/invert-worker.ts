import { parentPort, workerData } from "node:worker_threads";
import { inversionWork } from "../kernels.ts";
import { invertShare } from "../share.ts";
import { wasmKernels } from "../wasm.ts";
import type { Memory } from "../web-assembly.ts";
import { workspaceIn } from "../workspace.ts";

/** Asks for the arrays in the sequence in which the test did, and does its share of the inversion. */
const { memory, size, part, parts } = workerData as {
  memory: Memory;
  size: number;
  part: number;
  parts: number;
};
const space = workspaceIn(memory);
const a = { values: space.floats(size * size), size, stride: size };
const work = inversionWork(space, size);
const share = { part, parts, meeting: space.ints(3) };
parentPort?.postMessage(invertShare(wasmKernels(space), a, work, share));
