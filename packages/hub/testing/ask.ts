/** Where a hub answers, and a key to ask it with. */
export type HubAt = { readonly url: string; readonly key: string };

export type Answer<Body> = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed JSON; null when the answer is none. */
  readonly body: Body;
};

export type Method = "GET" | "POST" | "PUT" | "DELETE" | "HEAD" | "OPTIONS" | "PATCH";
export type More = {
  /** Another key than the hub's own; null for none at all. */
  readonly key?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
};

/** Asks a hub over a socket, as anybody would. Bytes and texts go as they are, other bodies as JSON. */
export async function ask<Body = unknown>(
  at: HubAt,
  method: Method,
  path: string,
  body?: unknown,
  more: More = {},
): Promise<Answer<Body>> {
  const key = more.key === undefined ? at.key : more.key;
  const response = await fetch(at.url + path, {
    method,
    headers: { ...(key === null ? {} : { authorization: `Bearer ${key}` }), ...more.headers },
    ...(body === undefined ? {} : { body: bodyOf(body) }),
    signal: AbortSignal.timeout(60_000),
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") === true && text !== "";
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: (isJson ? JSON.parse(text) : null) as Body,
  };
}

function bodyOf(body: unknown): Uint8Array<ArrayBuffer> | string {
  if (typeof body === "string") return body;
  return body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body);
}

/** What POST /v1/events and its relatives answer. */
export type Taken = {
  readonly success: true;
  readonly accepted: number;
  readonly applied: number;
  readonly repeat: number;
  readonly quarantined: number;
  readonly erased: number;
};

export function send(at: HubAt, events: readonly unknown[], more: More = {}): Promise<Answer<Taken>> {
  return ask<Taken>(at, "POST", "/v1/events", { events }, more);
}
