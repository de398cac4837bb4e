import { Socket } from "node:net";

/**
 * A socket for a database connection on which everything written before the event loop goes on leaves in one system
 * call. The client writes each statement by itself; of statements asked for together (see `Queries`) each would cost a
 * call, and those calls were a third of the processor time of a transaction of twenty statements.
 */
export function gatheringSocket(): Socket {
  const socket = new Socket();
  let gathers = false;
  const gather = (): void => {
    if (gathers) return;
    gathers = true;
    socket.cork();
    process.nextTick(() => {
      gathers = false;
      socket.uncork();
    });
  };
  // Not before: `connect` puts the plain `write` back.
  socket.once("connect", () => {
    const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
    socket.write = (...args: unknown[]) => {
      gather();
      return write(...args);
    };
  });
  return socket;
}
