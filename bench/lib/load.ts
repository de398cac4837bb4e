import { connect, type Socket } from "node:net";

/** A request ready to be written: made before the clock starts, so that making it costs the measured side nothing. */
export function requestBytes(method: string, path: string, key: string, body: string): Buffer {
  const bytes = Buffer.from(body);
  const head = [
    `${method} ${path} HTTP/1.1`,
    "host: bench",
    `authorization: Bearer ${key}`,
    "content-type: application/json",
    `content-length: ${bytes.length}`,
  ];
  return Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`), bytes]);
}

export type Answer = { readonly status: number; readonly body: string };

const receiveBytes = 64 * 1_024;

/**
 * One keep-alive connection that asks one thing at a time. It costs a tenth of a general client's processor time, and
 * it reads into memory it has: a buffer for every read would make whoever measures stop for its own garbage.
 */
export async function openConnection(port: number): Promise<{
  ask: (request: Buffer) => Promise<Answer>;
  /** The same without reading what was answered. */
  askStatus: (request: Buffer) => Promise<number>;
  close: () => void;
}> {
  let received = Buffer.allocUnsafe(receiveBytes);
  let length = 0;
  let pending: { resolve: (answer: Buffer) => void; reject: (cause: Error) => void } | undefined;
  const hear = (count: number, bytes: Uint8Array): boolean => {
    if (length + count > received.length) received = Buffer.concat([received], 2 * (length + count));
    received.set(bytes.subarray(0, count), length);
    length += count;
    const answer = received.subarray(0, length);
    if (!isWhole(answer)) return true;
    length = 0;
    pending?.resolve(answer);
    return true;
  };
  const onread = { buffer: Buffer.allocUnsafe(receiveBytes), callback: hear };
  const socket: Socket = connect({ port, host: "127.0.0.1", noDelay: true, onread });
  await new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  socket.on("error", (cause) => pending?.reject(cause));
  socket.on("close", () => pending?.reject(new Error("the connection was closed")));
  const send = <T>(request: Buffer, read: (answer: Buffer) => T): Promise<T> =>
    new Promise((resolve, reject) => {
      pending = { resolve: (answer) => resolve(read(answer)), reject };
      socket.write(request);
    });
  return {
    ask: (request) => send(request, (answer) => ({ status: statusOf(answer), body: bodyOf(answer) })),
    askStatus: (request) => send(request, statusOf),
    close: () => socket.destroy(),
  };
}

const headEnd = "\r\n\r\n";
const statusOf = (answer: Buffer): number => Number(answer.toString("latin1", 9, 12));
const bodyOf = (answer: Buffer): string => answer.toString("utf8", answer.indexOf(headEnd) + 4);

function isWhole(bytes: Buffer): boolean {
  const end = bytes.indexOf(headEnd);
  if (end < 0) return false;
  const head = bytes.toString("latin1", 0, end);
  const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? "0");
  return bytes.length >= end + 4 + length;
}

export type Load = {
  readonly seconds: number;
  readonly done: number;
  readonly failed: number;
  /** Sorted, in milliseconds; from when a request was due, so that waiting in line counts. */
  readonly latenciesMs: Float64Array;
};

/**
 * Sends requests over `connections` for as long as there are any, up to `secondsMax`; with `perSecond`, on a fixed
 * schedule (a late answer does not hold back the next request's due time: no coordinated omission).
 */
export async function drive(options: {
  readonly port: number;
  readonly connections: number;
  readonly next: (connection: number) => Buffer | undefined;
  readonly secondsMax: number;
  readonly perSecond?: number;
}): Promise<Load> {
  const latencies: number[] = [];
  let failed = 0;
  let sent = 0;
  const startMs = performance.now();
  const dueMs = (n: number): number =>
    options.perSecond === undefined ? 0 : startMs + (n * 1_000) / options.perSecond;
  const work = async (_: unknown, at: number): Promise<void> => {
    const connection = await openConnection(options.port);
    while (performance.now() - startMs < options.secondsMax * 1_000) {
      const request = options.next(at);
      if (request === undefined) break;
      const due = dueMs(sent++);
      const waitMs = due - performance.now();
      if (waitMs > 0.5) await new Promise((resolve) => setTimeout(resolve, waitMs));
      const beginMs = options.perSecond === undefined ? performance.now() : due;
      const status = await connection.askStatus(request);
      latencies.push(performance.now() - beginMs);
      if (status >= 300) failed += 1;
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: options.connections }, work));
  const seconds = (performance.now() - startMs) / 1_000;
  return { seconds, done: latencies.length, failed, latenciesMs: Float64Array.from(latencies).sort() };
}

export function quantile(sorted: Float64Array, q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}
