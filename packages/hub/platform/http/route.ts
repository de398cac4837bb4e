import type { Endpoint, Refusal, Result } from "@trato/contract";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Static, TObject, TSchema } from "typebox";
import type { Queries } from "../database.ts";
import type { Once } from "../idempotency.ts";
import type { Acted } from "../idempotency-batch.ts";
import type { Key } from "../keys.ts";

export type Call<Params, Query, Body> = {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly key: Key;
  /** Where on the network the caller is, as far as the hub can tell: never written down. */
  readonly address: string;
  /** What the caller reads: an `Accept-Language`, "en" without one. */
  readonly language: string;
  readonly nowMs: number;
  readonly log: FastifyRequest["log"];
};

/** A call of a command: `tx` is the transaction that also stores the answer for its Idempotency-Key. */
export type CommandCall<Params, Query, Body> = Call<Params, Query, Body> & { readonly tx: Queries };

/** A call that shares its transaction with others: `once` is its Idempotency-Key, for `actOnce`. */
export type SharedCall<Params, Query, Body> = Call<Params, Query, Body> & { readonly once: Once | undefined };

type AnyEndpoint = Endpoint;
type AnyHandle = (call: Call<unknown, unknown, unknown>) => Promise<Result<unknown>>;
type AnyShared = (call: SharedCall<unknown, unknown, unknown>) => Promise<Acted<unknown>>;
type AnyCommand = (call: CommandCall<unknown, unknown, unknown>) => Promise<Result<unknown>>;

export type Route =
  | { readonly kind: "read"; readonly endpoint: AnyEndpoint; readonly handle: AnyHandle }
  | {
      readonly kind: "command";
      readonly endpoint: AnyEndpoint;
      readonly handle: AnyCommand;
      readonly after?: () => void;
    }
  | { readonly kind: "shared"; readonly endpoint: AnyEndpoint; readonly handle: AnyShared }
  | { readonly kind: "raw"; readonly endpoint: AnyEndpoint; readonly handle: RawHandle };

/**
 * A raw route reads the body's bytes itself: clients nobody here wrote speak to it. It gives what to answer, or nothing
 * when it has written the reply.
 */
export type RawHandle = (call: {
  readonly key: Key;
  readonly bytes: Buffer;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly nowMs: number;
}) => Promise<{ readonly status: number; readonly body: unknown } | Refusal | undefined>;

/** Joins an endpoint to the function that answers it; what does not fit the declaration does not compile. */
export function route<P extends TObject, Q extends TObject, B extends TSchema, G extends TSchema>(
  declared: Endpoint<P, Q, B, G>,
  handle: (call: Call<Static<P>, Static<Q>, Static<B>>) => Promise<Result<Static<G>>>,
): Route {
  return {
    kind: "read",
    endpoint: declared as unknown as AnyEndpoint,
    handle: handle as unknown as AnyHandle,
  };
}

/** A command: runs in one transaction, at most once per Idempotency-Key. `after` runs once it is committed. */
export function command<P extends TObject, Q extends TObject, B extends TSchema, G extends TSchema>(
  declared: Endpoint<P, Q, B, G>,
  handle: (call: CommandCall<Static<P>, Static<Q>, Static<B>>) => Promise<Result<Static<G>>>,
  after?: () => void,
): Route {
  const endpoint = declared as unknown as AnyEndpoint;
  const base = { kind: "command" as const, endpoint, handle: handle as unknown as AnyCommand };
  return after === undefined ? base : { ...base, after };
}

/** A command that opens no transaction of its own: its room runs those that arrive together in one, with `actOnce`. */
export function sharedCommand<P extends TObject, Q extends TObject, B extends TSchema, G extends TSchema>(
  declared: Endpoint<P, Q, B, G>,
  handle: (call: SharedCall<Static<P>, Static<Q>, Static<B>>) => Promise<Acted<Static<G>>>,
): Route {
  return {
    kind: "shared",
    endpoint: declared as unknown as AnyEndpoint,
    handle: handle as unknown as AnyShared,
  };
}

export function rawRoute(declared: unknown, handle: RawHandle): Route {
  return { kind: "raw", endpoint: declared as AnyEndpoint, handle };
}
