import { setTimeout as delay } from "node:timers/promises";
import { type Clock, limits, uuid7 } from "@trato/base";
import type { Endpoint } from "@trato/contract";
import type { Static, TObject, TSchema } from "typebox";
import { hubAway, notAHub, type Problem, refusedBy } from "./refusals.ts";
import type { Language } from "./words.ts";

export type Given<Params extends TObject, Query extends TObject, Body extends TSchema> = {
  readonly params?: Static<Params>;
  readonly query?: Static<Query>;
  readonly body?: Static<Body>;
  /** The body as JSON text, for who has it as text already. */
  readonly bodyText?: string;
};

/** Speaks the public API by its declarations. Every call ends with the answer or throws a Failure. */
export type Client = {
  readonly url: string;
  /** What names the key, without its secret: each hub made its own. Empty without a key. */
  readonly keyId: string;
  call<Params extends TObject, Query extends TObject, Body extends TSchema, Gives extends TSchema>(
    endpoint: Endpoint<Params, Query, Body, Gives>,
    given?: Given<Params, Query, Body>,
  ): Promise<Static<Gives>>;
};

export type ClientNeeds = {
  readonly url: string;
  readonly key: string | undefined;
  readonly language: Language;
  readonly clock: Clock;
  /** Waits between tries; a test need not. */
  readonly wait?: (ms: number) => Promise<unknown>;
};

/**
 * Sends again after 429, 503 and 409 `idempotency_running` as the hub asks, and after a connection that broke when
 * the call is harmless to repeat; `limits.clientTriesMax` times at most. A command carries one Idempotency-Key
 * through all its tries.
 */
export function createClient(needs: ClientNeeds): Client {
  const { url, clock, wait = delay } = needs;
  return {
    url,
    keyId: /^[a-z]+_[0-9a-f]+(?=_)/.exec(needs.key ?? "")?.[0] ?? "",
    async call(endpoint, given = {}) {
      const headers: Record<string, string> = {
        accept: "application/json",
        "accept-language": needs.language,
      };
      if (needs.key !== undefined) headers["authorization"] = `Bearer ${needs.key}`;
      if (endpoint.idempotent === true) headers["idempotency-key"] = uuid7(clock.nowMs());
      const bodyText = given.bodyText ?? (given.body === undefined ? undefined : JSON.stringify(given.body));
      if (bodyText !== undefined) headers["content-type"] = "application/json";
      const request = {
        method: endpoint.method,
        headers,
        ...(bodyText === undefined ? {} : { body: bodyText }),
      };
      const address = url + pathOf(endpoint, given.params ?? {}, given.query ?? {});
      for (let tries = 1; ; tries++) {
        const isLast = tries >= limits.clientTriesMax;
        const response = await tryOnce(address, request, { url, again: !isLast && mayRepeat(endpoint) });
        if (response?.ok === true) return await readJson(response, url);
        if (response !== undefined) {
          const problem = await readProblem(response, url);
          if (isLast || !isPassing(problem)) throw refusedBy(problem, { hasKey: needs.key !== undefined });
        }
        await wait(waitMs(response?.headers.get("retry-after"), tries));
      }
    },
  };
}

/** Events are kept once by their id, and so is what is put aside by its bytes: sending them again does no harm. */
const kept = new Set(["postEvents", "putAside", "replayDecision", "verifyProfiles"]);

const mayRepeat = ({ method, idempotent, name }: Pick<Endpoint, "method" | "idempotent" | "name">): boolean =>
  method === "GET" || method === "PUT" || idempotent === true || kept.has(name);

function pathOf(endpoint: Pick<Endpoint, "path">, params: object, query: object): string {
  const values = new Map<string, unknown>(Object.entries(params));
  const path = endpoint.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(values.get(name))),
  );
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) asked.set(name, String(value));
  return asked.size === 0 ? path : `${path}?${asked}`;
}

/** Undefined when the connection broke and the call may be tried again. */
async function tryOnce(
  address: string,
  request: RequestInit,
  { url, again }: { url: string; again: boolean },
): Promise<Response | undefined> {
  try {
    return await fetch(address, { ...request, signal: AbortSignal.timeout(limits.clientRequestMsMax) });
  } catch (cause) {
    const code = codeOf(cause);
    if (again && (code === "ECONNRESET" || code === "UND_ERR_SOCKET" || code === "EPIPE")) return undefined;
    throw hubAway(url, code);
  }
}

/** Node hides why a connection failed in the cause, or in the errors of every address it tried. */
function codeOf(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const one = inner instanceof AggregateError ? inner.errors[0] : inner;
  const { code, message } = one as { code?: unknown; message?: unknown };
  return typeof code === "string" ? code : String(message);
}

/** What time alone puts right. */
const isPassing = ({ status, code }: Problem): boolean =>
  status === 429 || status === 503 || code === "idempotency_running";

function waitMs(retryAfter: string | null | undefined, tries: number): number {
  const seconds = Number(retryAfter ?? Number.NaN);
  const wanted = Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : 250 * 2 ** tries;
  return Math.min(wanted, limits.clientWaitMsMax);
}

async function readJson<Gives>(response: Response, url: string): Promise<Gives> {
  try {
    return (await response.json()) as Gives;
  } catch {
    throw notAHub(url);
  }
}

async function readProblem(response: Response, url: string): Promise<Problem> {
  const body = await readJson<Partial<Problem> | null>(response, url);
  if (body === null || typeof body.code !== "string" || typeof body.title !== "string") throw notAHub(url);
  return { ...body, code: body.code, title: body.title, status: response.status };
}
