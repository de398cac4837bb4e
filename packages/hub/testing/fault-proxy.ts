import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** When the connection is cut: before PostgreSQL hears the commit, or after it has done it and before it says so. */
export type Cut = "before-commit" | "after-commit";

export type FaultProxy = {
  /** The database's address through the proxy. */
  readonly url: string;
  /** Cuts, once, the next transaction that runs the statement of this name. */
  cutNext(cut: Cut, statement: string): void;
  cuts(): number;
  stop(): Promise<void>;
};

type Armed = { readonly cut: Cut; readonly statement: string };

/** Stands between a hub and its PostgreSQL and breaks connections at the worst moment. */
export async function startFaultProxy(databaseUrl: string): Promise<FaultProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let armed: Armed | undefined;
  let cuts = 0;
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    const both = [client, upstream];
    const breakBoth = () => {
      for (const socket of both) socket.destroy();
    };
    for (const socket of both) {
      sockets.add(socket);
      socket.on("error", breakBoth).on("close", () => {
        sockets.delete(socket);
        breakBoth();
      });
    }
    const watch = watchTransactions(() => armed);
    client.on("data", (bytes) => {
      const cut = watch(bytes);
      if (cut !== undefined) {
        armed = undefined;
        cuts += 1;
      }
      if (cut === "before-commit") return breakBoth();
      upstream.write(bytes);
      if (cut === "after-commit") {
        // What travelled with the commit is answered first: it is over once the server says that it is idle.
        upstream.removeAllListeners("data").on("data", (answer) => {
          if (answer.includes("Z\0\0\0\x05I", 0, "latin1")) breakBoth();
        });
      }
    });
    upstream.on("data", (bytes) => client.write(bytes));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = new URL(databaseUrl);
  url.hostname = "127.0.0.1";
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    cutNext: (cut, statement) => {
      armed = { cut, statement };
    },
    cuts: () => cuts,
    stop: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, "close");
    },
  };
}

/** Reads what goes to PostgreSQL, message by message, and says when a transaction with the statement in it commits. */
function watchTransactions(armed: () => Armed | undefined): (bytes: Buffer) => Cut | undefined {
  let hasIt = false;
  return (bytes) => {
    const now = armed();
    if (now === undefined || bytes.includes("begin\0")) hasIt = false;
    if (now === undefined) return undefined;
    if (bytes.includes(`${now.statement}\0`)) hasIt = true;
    return hasIt && bytes.includes("commit\0") ? now.cut : undefined;
  };
}
