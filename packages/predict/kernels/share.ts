import { assert } from "@trato/base";
import { type InversionWork, type Square, sweepRows } from "./kernels.ts";
import type { SharedKernels } from "./wasm.ts";

/** Which of how many workers this one is, and three whole numbers that all of them see, zero at first. */
export type Share = { readonly part: number; readonly parts: number; readonly meeting: Int32Array };

/**
 * One worker's share of inverting a matrix that lies in a shared workspace: all workers call this with the same
 * matrix and work, each in a thread of its own, and all return together, as `invert` does and with the same bits
 * in the matrix. The first sweeps; the rows that follow are shared out so that each has as many elements.
 *
 * It blocks its thread (Atomics.wait), which a browser forbids on its main one.
 */
export function invertShare(kernels: SharedKernels, a: Square, work: InversionWork, share: Share): number {
  const { part, parts, meeting } = share;
  assert(part >= 0 && part < parts && meeting.length >= 3, "a worker is one of its parts");
  const rowOf = (border: number) => Math.round(a.size * Math.sqrt(border / parts));
  for (let from = 0; from < a.size; from += sweepRows) {
    if (part === 0) Atomics.store(meeting, 2, kernels.sweep(a, from, work));
    meet(meeting, parts);
    const failed = Atomics.load(meeting, 2);
    if (failed !== -1) return failed;
    kernels.subtractShare(a, work, rowOf(part), rowOf(part + 1));
    meet(meeting, parts);
  }
  for (let row = rowOf(part); row < rowOf(part + 1); row++) {
    for (let at = row * a.stride; at <= row * a.stride + row; at++) a.values[at] = -a.values[at]!;
  }
  meet(meeting, parts);
  return -1;
}

/** Waits until all have come: `meeting[0]` counts who has, `meeting[1]` how often all had. */
function meet(meeting: Int32Array, parts: number): void {
  const round = Atomics.load(meeting, 1);
  if (Atomics.add(meeting, 0, 1) === parts - 1) {
    Atomics.store(meeting, 0, 0);
    Atomics.add(meeting, 1, 1);
    Atomics.notify(meeting, 1);
    return;
  }
  while (Atomics.load(meeting, 1) === round) Atomics.wait(meeting, 1, round);
}
