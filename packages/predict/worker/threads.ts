import { assert } from "@trato/base";

/** What two threads say to each other with: a message, and the buffers in it that change hands instead of being copied. */
export type Post = (message: unknown, handedOver?: readonly ArrayBuffer[]) => void;

/** A thread that was started, seen from the one that started it. */
export type Thread = { readonly post: Post; stop(): void };

export type Heard = {
  readonly message: (message: unknown) => void;
  /** It ended by itself, or was never able to begin. */
  readonly failed: (cause: Error) => void;
};

type WebPort = {
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  postMessage(message: unknown, handedOver: readonly ArrayBuffer[]): void;
};
type WebWorker = WebPort & {
  onerror: ((event: { readonly message: string }) => void) | null;
  terminate(): void;
};
type Web = { readonly Worker: new (url: URL, options: { readonly type: "module" }) => WebWorker } & WebPort;

const web = globalThis as unknown as Web;

/** Node's threads, where there are any: asked for without an import, which a browser could not follow. */
const node = () =>
  (globalThis as { readonly process?: NodeJS.Process }).process?.getBuiltinModule?.("node:worker_threads");

/** Starts `thread.ts` in a thread of its own, in Node or wherever there are web workers. */
export function startThread(heard: Heard): Thread {
  const threads = node();
  if (threads === undefined) return startWebWorker(heard);
  // How this thread's own code was given (`--eval`) is not how the other's is.
  const isGivenAsText = process.execArgv.some((one) => one.startsWith("--input-type"));
  const worker = new threads.Worker(
    new URL("./thread.ts", import.meta.url),
    isGivenAsText ? { execArgv: [] } : {},
  );
  worker.on("message", heard.message);
  worker.on("error", (cause: unknown) =>
    heard.failed(cause instanceof Error ? cause : new Error(String(cause))),
  );
  worker.on("exit", (code) => heard.failed(new Error(`The thread ended early, with code ${code}.`)));
  return {
    post: (message, handedOver = []) => worker.postMessage(message, [...handedOver]),
    stop: () => void worker.terminate(),
  };
}

function startWebWorker(heard: Heard): Thread {
  assert(web.Worker !== undefined, "there are threads here: Node's, or web workers");
  const { Worker } = web;
  const worker = new Worker(new URL("./thread.ts", import.meta.url), { type: "module" });
  worker.onmessage = ({ data }) => heard.message(data);
  worker.onerror = ({ message }) => heard.failed(new Error(message));
  return {
    post: (message, handedOver = []) => worker.postMessage(message, handedOver),
    stop: () => worker.terminate(),
  };
}

/** The other end, inside the thread: calls `heard` with what the starter says, and answers it. */
export function answerStarter(heard: (message: unknown, post: Post) => void): void {
  const port = node()?.parentPort;
  if (port)
    port.on("message", (message) => heard(message, (said, over = []) => port.postMessage(said, [...over])));
  else web.onmessage = ({ data }) => heard(data, (said, over = []) => web.postMessage(said, over));
}
