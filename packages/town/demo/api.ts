import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { limits } from "@trato/base";
import type { Endpoint } from "@trato/contract";

type Declared = Pick<Endpoint, "method" | "path" | "name" | "idempotent"> & {
  readonly example: {
    readonly params?: unknown;
    readonly query?: unknown;
    readonly body?: unknown;
    readonly gives: unknown;
  };
};

/** Speaks the hub's public API by its declarations, as any shop would. */
export type Api = {
  readonly url: string;
  /** Throws an ApiError for a refusal, and when the hub cannot be reached. */
  call<Of extends Declared>(
    endpoint: Of,
    given?: {
      readonly params?: Of["example"]["params"];
      readonly query?: Of["example"]["query"];
      readonly body?: Of["example"]["body"];
    },
  ): Promise<Of["example"]["gives"]>;
};

export class ApiError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Sends again after 429, 503 and a broken connection, `limits.clientTriesMax` times at most. */
export function createApi({ url, key }: { readonly url: string; readonly key: string }): Api {
  return {
    url,
    async call(endpoint, given = {}) {
      const address = url + pathOf(endpoint.path, given.params, given.query);
      const headers: Record<string, string> = { authorization: `Bearer ${key}`, accept: "application/json" };
      if (given.body !== undefined) headers["content-type"] = "application/json";
      if (endpoint.idempotent === true) headers["idempotency-key"] = randomUUID();
      const body = given.body === undefined ? null : JSON.stringify(given.body);
      for (let tries = 1; ; tries++) {
        const isLast = tries >= limits.clientTriesMax;
        const response = await tryOnce(address, { method: endpoint.method, headers, body }, isLast);
        if (response?.ok === true) return await response.json();
        const mayPass = response === undefined || response.status === 429 || response.status === 503;
        if (isLast || !mayPass) throw await errorOf(endpoint.name, response);
        await delay(waitMs(response, tries));
      }
    },
  };
}

/** Undefined when the connection broke and the call may be tried again: events and decisions do no harm twice. */
async function tryOnce(
  address: string,
  request: RequestInit,
  isLast: boolean,
): Promise<Response | undefined> {
  try {
    return await fetch(address, { ...request, signal: AbortSignal.timeout(limits.clientRequestMsMax) });
  } catch (cause) {
    const code = codeOf(cause);
    if (!isLast && broken.has(code)) return undefined;
    throw new ApiError("unreachable", `The hub at ${new URL(address).origin} does not answer (${code}).`);
  }
}

const broken: ReadonlySet<string> = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"]);

/** Node keeps why a connection failed in the cause. */
function codeOf(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const { code, name } = inner as { code?: unknown; name?: unknown };
  return typeof code === "string" ? code : String(name);
}

function waitMs(response: Response | undefined, tries: number): number {
  const seconds = Number(response?.headers.get("retry-after") ?? Number.NaN);
  return Math.min(limits.clientWaitMsMax, seconds >= 0 ? seconds * 1_000 : 100 * 2 ** tries);
}

async function errorOf(name: string, response: Response | undefined): Promise<ApiError> {
  if (response === undefined) return new ApiError("unreachable", `${name}: the hub does not answer.`);
  const problem = (await response.json().catch(() => ({}))) as Partial<
    Record<"code" | "title" | "detail", string>
  >;
  const code = problem.code ?? String(response.status);
  return new ApiError(code, `${name}: ${code}: ${problem.detail ?? problem.title ?? "no reason was given"}`);
}

function pathOf(path: string, params: unknown, query: unknown): string {
  const values = new Map(Object.entries(params ?? {}));
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(values.get(name))),
  );
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) asked.set(name, String(value));
  return asked.size === 0 ? filled : `${filled}?${asked}`;
}
