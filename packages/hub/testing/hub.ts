import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "@trato/base";
import { type Config, type Hub, startHub } from "../main.ts";
import type { Database } from "../platform/index.ts";
import type { HubAt } from "./ask.ts";
import { type TestDatabase, testDatabase } from "./database.ts";

export type TestHub = HubAt & {
  readonly hub: Hub;
  readonly home: string;
  /** A pool of the test's own on the hub's database. */
  readonly database: Database;
  stop(): Promise<void>;
};

/**
 * The whole hub in this process: rooms, jobs and HTTP on a free port, over a cloned database. Give `database` and
 * `home` to start it again on what an earlier one left; what is given is not removed.
 */
export async function testHub(
  options: {
    readonly clock?: Clock;
    readonly database?: TestDatabase;
    readonly home?: string;
    readonly stripe?: NonNullable<Config["stripe"]>;
  } = {},
): Promise<TestHub> {
  const at = options.database ?? (await testDatabase());
  const home = options.home ?? (await mkdtemp(join(tmpdir(), "trato-hub-")));
  const clean = async () => {
    if (options.database === undefined) await at.stop();
    if (options.home === undefined) await rm(home, { recursive: true, force: true });
  };
  const clock = options.clock === undefined ? {} : { clock: options.clock };
  try {
    const hub = await startHub({
      config: { ...configFor(home, at.url), stripe: options.stripe },
      quiet: true,
      ...clock,
    });
    const stop = async () => {
      await hub.stop();
      await clean();
    };
    return { url: hub.url, key: hub.key, hub, home, database: at.database, stop };
  } catch (cause) {
    await clean();
    throw cause;
  }
}

const configFor = (home: string, databaseUrl: string): Config => ({
  home,
  databaseUrl,
  host: "127.0.0.1",
  port: 0,
  logLevel: "error",
  country: "EC",
  trustProxy: undefined,
  webhooksLoopback: true,
});
