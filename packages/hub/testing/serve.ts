import { type Clock, systemClock } from "@trato/base";
import { allScopes } from "@trato/contract";
import {
  createLog,
  createMetrics,
  createServer,
  type Database,
  type Key,
  type Route,
} from "../platform/index.ts";

/** What came back: the status and the parsed JSON. */
export type Answered<Body> = { readonly status: number; readonly body: Body };
export type Ask = <Body>(
  method: "GET" | "POST" | "PUT" | "DELETE",
  path: string,
  body?: unknown,
) => Promise<Answered<Body>>;

/** Some routes behind the hub's own HTTP server, without a socket, asked with a key that may do everything. */
export function serve(database: Database, routes: readonly Route[], clock: Clock = systemClock) {
  const key: Key = { id: "test", source: "test", kind: "secret", scopes: allScopes };
  const app = createServer(
    {
      database,
      clock,
      keys: { find: async () => key, forget: () => undefined },
      log: createLog("error"),
      metrics: createMetrics(),
      refusesWrites: () => undefined,
      trustProxy: undefined,
    },
    routes,
  );
  const ask: Ask = async <Body>(method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: unknown) => {
    const response = await app.inject({
      method,
      url: path,
      headers: { authorization: "Bearer trk_test", "content-type": "application/json" },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    });
    return { status: response.statusCode, body: response.json() as Body };
  };
  return { ask, stop: () => app.close() };
}
