import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { test } from "node:test";
import { gatheringSocket } from "./gather-writes.ts";

test("what is written in one turn leaves in one call, in its order, and the next turn's in the next", async (t) => {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const socket = gatheringSocket();
  const calls: number[] = [];
  const writev = socket._writev!.bind(socket);
  socket._writev = (chunks, done) => {
    calls.push((chunks as unknown[]).length);
    writev(chunks, done);
  };
  const accepted = once(server, "connection");
  socket.connect((server.address() as AddressInfo).port, "127.0.0.1");
  const [peer] = (await accepted) as [Socket];
  t.after(() => {
    socket.destroy();
    peer.destroy();
    server.close();
  });
  await once(socket, "ready");
  let received = "";
  peer.on("data", (chunk) => {
    received += chunk.toString();
  });
  for (const part of ["be", "gin", "; "]) {
    socket.cork();
    socket.write(part);
    socket.uncork();
    await null;
  }
  await new Promise((resolve) => setImmediate(resolve));
  socket.write("com");
  socket.write("mit");
  while (received.length < "begin; commit".length) await once(peer, "data");
  assert.equal(received, "begin; commit");
  assert.deepEqual(calls, [3, 2]);
});
