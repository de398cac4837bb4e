import type { Database, KeyRing, Route } from "../platform/index.ts";
import { type ErasePeople, type EraseRoom, eraseRoute } from "./routes/erase.ts";
import { keyRoutes } from "./routes/keys.ts";

export type { ErasePeople, EraseRoom };

export function governRoutes(needs: {
  readonly database: Database;
  readonly keys: KeyRing;
  readonly erasePeople: ErasePeople;
  readonly rooms: readonly EraseRoom[];
}): Route[] {
  return [...keyRoutes(needs), eraseRoute(needs)];
}
