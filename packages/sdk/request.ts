import { type Answer, mayTryAgain, type Refused, unreachable } from "./answer.ts";

export type Connect = {
  /** Where the hub answers: "https://hub.example.com". */
  readonly url: string;
  /** A public key (`tpk_…`) in a page or an app, a secret one (`trk_…`) on a server. */
  readonly key: string;
  readonly fetch?: typeof fetch;
  /** How often a call that got no answer is made again; 4 when left out. */
  readonly tries?: number;
  readonly language?: "en" | "es";
};

export type Asked = {
  readonly method: string;
  /** With its parts filled in and its query behind it. */
  readonly address: string;
  readonly body?: unknown;
  /** Without one, a command gets one of its own, so that trying again never does it twice. */
  readonly idempotencyKey?: string;
};

export const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(done, ms);
    if (signal?.aborted === true) done();
    signal?.addEventListener("abort", done, { once: true });
  });

/** Half a second, doubled each time up to half a minute, and half of it by chance. */
export const backoffMs = (nth: number): number => Math.min(30_000, 500 * 2 ** nth) * (0.5 + draw() / 2);

const draw = (): number => crypto.getRandomValues(new Uint32Array(1))[0]! / 2 ** 32;
const answerMsMax = 35_000;

/** Makes a call, again while there is no answer; a command bears an Idempotency-Key, so that it happens once. */
export async function request<Value>(connect: Connect, asked: Asked): Promise<Answer<Value>> {
  const isCommand = asked.method !== "GET";
  const key = asked.idempotencyKey ?? (isCommand ? crypto.randomUUID() : undefined);
  const tries = connect.tries ?? 4;
  for (let nth = 1; ; nth++) {
    const { answer, retryAfterMs } = await once<Value>(connect, asked, key);
    if (answer.ok || nth >= tries || !mayTryAgain(answer)) return answer;
    await sleep(Math.max(retryAfterMs, backoffMs(nth - 1)));
  }
}

async function once<Value>(
  connect: Connect,
  { method, address, body }: Asked,
  idempotencyKey: string | undefined,
): Promise<{ readonly answer: Answer<Value>; readonly retryAfterMs: number }> {
  try {
    const response = await (connect.fetch ?? fetch)(connect.url + address, {
      method,
      headers: {
        ...headersOf(connect),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(answerMsMax),
    });
    if (response.ok)
      return { answer: { ok: true, value: (await response.json()) as Value }, retryAfterMs: 0 };
    const seconds = Number(response.headers.get("retry-after") ?? "0");
    return {
      answer: await refusalOf(response),
      retryAfterMs: Number.isFinite(seconds) ? seconds * 1_000 : 0,
    };
  } catch (cause) {
    return { answer: unreachable(cause), retryAfterMs: 0 };
  }
}

export const headersOf = ({ key, language }: Connect): Record<string, string> => ({
  authorization: `Bearer ${key}`,
  ...(language === undefined ? {} : { "accept-language": language }),
});

/** The problem a response tells of; a proxy's page that is none still says its status. */
export async function refusalOf(response: Response): Promise<Refused> {
  const said = (await response.json().catch(() => ({}))) as Partial<Refused>;
  return {
    ok: false,
    status: response.status,
    code: said.code ?? "unreadable",
    title: said.title ?? response.statusText,
    ...(said.detail === undefined ? {} : { detail: said.detail }),
    ...(said.errors === undefined ? {} : { errors: said.errors }),
  };
}
