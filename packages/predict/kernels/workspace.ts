import { assert } from "@trato/base";
import { type Memory, webAssembly } from "./web-assembly.ts";

/**
 * Arrays in one WebAssembly memory, handed out once and never taken back: one workspace per fit, dropped whole.
 * The memory does not grow, so that views stay valid; a shared one can be handed to other threads.
 */
export type Workspace = {
  readonly memory: Memory;
  floats(count: number): Float32Array;
  doubles(count: number): Float64Array;
  ints(count: number): Int32Array;
  bytes(count: number): Uint8Array;
};

const pageBytes = 65_536;
const alignment = 16;
/** The kernels use no address below this: 0 stays an address that nothing has. */
const firstByte = 1_024;

/** Room for arrays of `bytes` in all (each is rounded up to 16); at most 4 GiB. */
export function workspace(bytes: number, shared = false): Workspace {
  const pages = Math.ceil((bytes + firstByte) / pageBytes);
  assert(pages <= 65_536, "a workspace has at most 4 GiB");
  return workspaceIn(new webAssembly.Memory({ initial: pages, maximum: pages, shared }));
}

/** A workspace in a memory that another thread made; asking for the same arrays in the same sequence finds them. */
export function workspaceIn(memory: Memory): Workspace {
  let next = firstByte;
  const take = (byteCount: number): number => {
    const at = next;
    next += Math.ceil(byteCount / alignment) * alignment;
    assert(next <= memory.buffer.byteLength, "the workspace has room for its arrays");
    return at;
  };
  return {
    memory,
    floats: (count) => new Float32Array(memory.buffer, take(4 * count), count),
    doubles: (count) => new Float64Array(memory.buffer, take(8 * count), count),
    ints: (count) => new Int32Array(memory.buffer, take(4 * count), count),
    bytes: (count) => new Uint8Array(memory.buffer, take(count), count),
  };
}
