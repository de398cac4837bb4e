import type { Clock } from "@trato/base";
import type { Refusal } from "@trato/contract";
import type { FastifyRequest } from "fastify";
import type { Database } from "../database.ts";
import type { Key, KeyRing } from "../keys.ts";
import type { Log } from "../log.ts";
import type { Metrics } from "../metrics.ts";

export type ServerNeeds = {
  readonly database: Database;
  readonly keys: KeyRing;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Why writes are refused at this moment, if they are: the disk is nearly full, or the hub is stopping. */
  readonly refusesWrites: () => Omit<Refusal, "ok"> | undefined;
  readonly trustProxy: string | undefined;
};

/** The key each request under way was let in with. */
export const callers = new WeakMap<FastifyRequest, Key>();

export function languageOf(request: FastifyRequest): string {
  return request.headers["accept-language"] ?? "en";
}
