import { type LookupAddress, lookup as systemLookup } from "node:dns";
import { type IncomingMessage, type RequestOptions, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { LookupFunction } from "node:net";
import { limits } from "@trato/base";
import { type Allow, hostOf, mayConnect, refusalOfUrl } from "./address.ts";
import { type Outcome, outcomeOf, readRetryAfter } from "./rules.ts";

export type Resolve = (name: string) => Promise<readonly LookupAddress[]>;

export const resolveBySystem: Resolve = (name) =>
  new Promise((resolve, reject) => {
    systemLookup(name, { all: true }, (cause, found) => (cause ? reject(cause) : resolve(found)));
  });

class AddressRefused extends Error {}

/**
 * Looks a name up once, and hands the socket what was checked: there is no second look-up that could say something
 * else. One address that is not allowed refuses them all.
 */
function checkedLookup(resolve: Resolve, allow: Allow): LookupFunction {
  return (name, options, answer) => {
    resolve(name).then(
      (found) => {
        if (found.length === 0 || !found.every(({ address }) => mayConnect(address, allow))) {
          return answer(new AddressRefused(`${name} is no public address`), "");
        }
        if (options.all === true) return answer(null, [...found]);
        return answer(null, found[0]!.address, found[0]!.family);
      },
      (cause: Error) => answer(cause, ""),
    );
  };
}

export type Post = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};
export type PostNeeds = {
  readonly allow: Allow;
  readonly resolve: Resolve;
  readonly nowMs: () => number;
  /** How long the answer may take, from looking up the name to its last byte. */
  readonly answerMsMax: number;
};

/**
 * Sends one message and says what came of it; never throws. Redirects are not followed, proxies of the environment not
 * used, no connection is used twice, and of the answer no more is read than `limits.sendAnswerBytesMax`.
 */
export async function post(needs: PostNeeds, { url, headers, body }: Post): Promise<Outcome> {
  const beginMs = performance.now();
  const done = (outcome: Outcome["outcome"], more: Partial<Outcome> = {}): Outcome => ({
    outcome,
    status: null,
    retryAfterMs: 0,
    answer: "",
    tookMs: Math.round(performance.now() - beginMs),
    ...more,
  });
  const refusal = refusalOfUrl(url, needs.allow);
  if (refusal !== undefined) return done("address_refused", { answer: refusal });
  const tooLate = AbortSignal.timeout(needs.answerMsMax);
  try {
    const response = await send(needs, { url, headers, body }, tooLate);
    const status = response.statusCode!;
    const answer = await readSome(response);
    const retryAfterMs = readRetryAfter(response.headers["retry-after"], needs.nowMs());
    return done(outcomeOf(status), { status, answer, retryAfterMs });
  } catch (cause) {
    if (cause instanceof AddressRefused) return done("address_refused", { answer: cause.message });
    const answer =
      cause instanceof Error ? cause.message.slice(0, limits.sendAnswerCharsKept) : String(cause);
    return done(tooLate.aborted ? "late" : "unreachable", { answer });
  }
}

function send(needs: PostNeeds, { url, headers, body }: Post, signal: AbortSignal): Promise<IncomingMessage> {
  const target = new URL(url);
  const options: RequestOptions = {
    method: "POST",
    host: hostOf(target),
    port: target.port,
    path: target.pathname + target.search,
    headers: {
      host: target.host,
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
      "user-agent": "Trato-Webhooks/1",
      ...headers,
    },
    lookup: checkedLookup(needs.resolve, needs.allow),
    agent: false,
    signal,
  };
  return new Promise((resolve, reject) => {
    const request =
      target.protocol === "https:" ? requestHttps(options, resolve) : requestHttp(options, resolve);
    request.on("error", reject);
    request.end(body);
  });
}

/** The first characters of an answer; an answer without an end is cut off. */
async function readSome(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= limits.sendAnswerBytesMax) break;
  }
  response.destroy();
  return Buffer.concat(chunks).toString("utf8").replaceAll("\0", "").slice(0, limits.sendAnswerCharsKept);
}
