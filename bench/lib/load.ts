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

/** One keep-alive connection that asks one thing at a time. It costs a tenth of a general client's processor time. */
export async function openConnection(port: number): Promise<{
  ask: (request: Buffer) => Promise<Answer>;
  close: () => void;
}> {
  const socket: Socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  let pending: { resolve: (answer: Answer) => void; reject: (cause: Error) => void } | undefined;
  let received = Buffer.alloc(0);
  socket.on("data", (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    const answer = readAnswer(received);
    if (answer === undefined) return;
    received = Buffer.alloc(0);
    pending?.resolve(answer);
  });
  socket.on("error", (cause) => pending?.reject(cause));
  socket.on("close", () => pending?.reject(new Error("the connection was closed")));
  return {
    ask: (request) =>
      new Promise<Answer>((resolve, reject) => {
        pending = { resolve, reject };
        socket.write(request);
      }),
    close: () => socket.destroy(),
  };
}

function readAnswer(bytes: Buffer): Answer | undefined {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const head = bytes.toString("latin1", 0, end);
  const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? "0");
  if (bytes.length < end + 4 + length) return undefined;
  return { status: Number(head.slice(9, 12)), body: bytes.toString("utf8", end + 4, end + 4 + length) };
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
      const answer = await connection.ask(request);
      latencies.push(performance.now() - beginMs);
      if (answer.status >= 300) failed += 1;
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
