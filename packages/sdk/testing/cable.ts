import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A network cable to a hub that can be pulled: every connection breaks, and new ones go through again. */
export async function cable(hubUrl: string) {
  const { hostname, port } = new URL(hubUrl);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const hub = connect(Number(port), hostname);
    for (const socket of [client, hub]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy()).on("close", () => sockets.delete(socket));
    }
    client.pipe(hub).pipe(client);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const pull = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    pull,
    stop: () => {
      server.close();
      pull();
    },
  };
}
