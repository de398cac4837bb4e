import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { limits } from "@trato/base";

/** Below the ports that systems hand to outgoing connections (from 32768), which could take ours during a restart. */
const lowest = 20_000;
const highest = 32_000;

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/**
 * Finds a free loopback port: the first free one of `preferred`, else one at random. Another process may take it
 * before it is used, so the caller must be ready to ask again. Throws when `limits.postgresPortTriesMax` were taken.
 */
export async function freePort(preferred: readonly (number | undefined)[]): Promise<number> {
  for (const port of preferred) {
    if (port !== undefined && Number.isInteger(port) && port > 0 && port < 65_536 && (await isFree(port)))
      return port;
  }
  for (let attempt = 0; attempt < limits.postgresPortTriesMax; attempt++) {
    const port = randomInt(lowest, highest);
    if (await isFree(port)) return port;
  }
  throw new Error(`No free port was found on 127.0.0.1 between ${lowest} and ${highest}.`);
}
