import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

/** Stands between a client and a hub, and can be shut: what is asked then gets no answer. */
export type Gate = {
  readonly url: string;
  /** Lets so many batches of events through from now on, and shuts. */
  readonly openFor: (batches: number) => void;
  readonly close: () => Promise<void>;
};

export async function createGate(hubUrl: string): Promise<Gate> {
  let left = Number.POSITIVE_INFINITY;
  const server = createServer((asked, answer) => {
    const isBatch = asked.method === "POST" && asked.url === "/v1/events";
    if (isBatch && left <= 0) return;
    if (isBatch) left -= 1;
    const { method, headers } = asked;
    const passed = request(hubUrl + asked.url, { method, headers }, (answered) => {
      answer.writeHead(answered.statusCode ?? 500, answered.headers);
      answered.pipe(answer);
    });
    passed.on("error", () => answer.destroy());
    asked.pipe(passed);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    openFor: (batches) => {
      left = batches;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
