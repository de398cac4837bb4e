import assert from "node:assert/strict";
import * as contract from "@trato/contract";
import { problems } from "@trato/contract";
import type { TSchema } from "typebox";
import type { Answer, Method } from "./ask.ts";

/** An endpoint as the contract declares it. */
export type Declared = {
  readonly name: string;
  readonly method: Method;
  readonly path: string;
  readonly needs: string;
  readonly status?: number;
  readonly query?: { readonly properties: Readonly<Record<string, unknown>> };
  readonly gives: TSchema;
  readonly streams?: true;
  readonly problems: readonly string[];
  readonly example: {
    readonly params?: Readonly<Record<string, unknown>>;
    readonly query?: Readonly<Record<string, unknown>>;
    readonly body?: unknown;
  };
};

const isEndpoint = (value: unknown): value is Declared =>
  typeof value === "object" && value !== null && "needs" in value && "path" in value && "gives" in value;

/** Every endpoint that the contract exports, alone or in a list, sorted by address. */
export function declaredEndpoints(): Declared[] {
  const exported = Object.values(contract).flatMap((value: unknown) =>
    Array.isArray(value) ? value : [value],
  );
  const addressOf = ({ path, method }: Declared) => `${path} ${method}`;
  return [...new Set(exported.filter(isEndpoint))].sort((a, b) => (addressOf(a) < addressOf(b) ? -1 : 1));
}

/** The address of a call: `/v1/people/{personId}` with its parts filled in, and the query behind it. */
export function addressOf(
  { path }: Declared,
  { params = {}, query = {} }: Pick<Declared["example"], "params" | "query">,
): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, part: string) => encoded(String(params[part])));
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) asked.append(name, String(value));
  return asked.size === 0 ? filled : `${filled}?${asked}`;
}

/** Half a surrogate pair cannot be encoded; these are the bytes of one. */
const encoded = (text: string): string => (text.isWellFormed() ? encodeURIComponent(text) : "%ED%A0%80");

type Problem = {
  type: string;
  title: string;
  status: number;
  code: string;
  instance: string;
  errors?: unknown;
};

/** A refusal says its code from the closed list, its status twice, and where it is told of in the log. */
export function assertProblem(answer: Answer<unknown>, about: string): string {
  assert.match(answer.headers.get("content-type") ?? "", /^application\/problem\+json/, about);
  const body = answer.body as Problem;
  const known = problems[body.code as keyof typeof problems];
  assert.ok(known !== undefined, `${about}: ${body.code} is a known code`);
  assert.deepEqual([answer.status, body.status], [known[0], known[0]], about);
  assert.equal(body.type, `https://trato.dev/problems/${body.code}`, about);
  assert.ok(body.title === known[1] || body.title === known[2], about);
  assert.match(body.instance, /^[0-9a-f-]{36}$/, about);
  if (body.status === 429 || body.status === 503)
    assert.match(answer.headers.get("retry-after") ?? "", /^[1-9]\d*$/, about);
  if (body.status === 401) assert.match(answer.headers.get("www-authenticate") ?? "", /^Bearer/, about);
  return body.code;
}
