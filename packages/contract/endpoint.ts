import { assert } from "@trato/base";
import type { Static, TObject, TSchema } from "typebox";
import { Value } from "typebox/value";
import type { ProblemCode } from "./problems.ts";
import type { Scope } from "./scopes.ts";

/**
 * One endpoint, declared once: the server checks by it, OpenAPI and the reference page are printed from it,
 * and its example is checked when the file loads.
 */
export type Endpoint<
  Params extends TObject = TObject,
  Query extends TObject = TObject,
  Body extends TSchema = TSchema,
  Gives extends TSchema = TSchema,
> = {
  readonly name: string;
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: `/${string}`;
  readonly tag: string;
  /** One sentence; the first line of the reference page. */
  readonly says: string;
  /** More lines for the reference page, when one sentence is not enough. */
  readonly more?: string;
  /** The scope a key must carry, or "open" for what anybody may read. */
  readonly needs: Scope | "open";
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  readonly gives: Gives;
  readonly status?: 200 | 201 | 202 | 204;
  /** Answers with server-sent events without an end; `gives` is then the data of one event. */
  readonly streams?: true;
  readonly problems: readonly ProblemCode[];
  /** A command takes an Idempotency-Key: used twice, it acts once and answers the same. */
  readonly idempotent?: boolean;
  readonly example: {
    readonly params?: Static<Params>;
    readonly query?: Static<Query>;
    readonly body?: Static<Body>;
    readonly gives: Static<Gives>;
  };
};

export function endpoint<
  Params extends TObject,
  Query extends TObject,
  Body extends TSchema,
  Gives extends TSchema,
>(declared: Endpoint<Params, Query, Body, Gives>): Endpoint<Params, Query, Body, Gives> {
  const { example } = declared;
  const parts = [
    ["params", declared.params, example.params],
    ["query", declared.query, example.query],
    ["body", declared.body, example.body],
    ["gives", declared.gives, example.gives],
  ] as const;
  for (const [part, schema, value] of parts) {
    if (schema === undefined || value === undefined) continue;
    const first = Value.Errors(schema, value)[0];
    assert(
      first === undefined,
      `the example of ${declared.name} fits: ${part}${first?.instancePath} ${first?.message}`,
    );
  }
  return declared;
}
