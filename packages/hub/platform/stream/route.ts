import { limits, type PersonId } from "@trato/base";
import {
  allTopics,
  followStream,
  type Refusal,
  type Result,
  refuse,
  type Topic,
  topics,
} from "@trato/contract";
import type { FastifyReply, FastifyRequest } from "fastify";
import { checkAddress, checker } from "../http/body.ts";
import { sendProblem } from "../http/problem.ts";
import { languageOf } from "../http/request.ts";
import { type Route, rawRoute } from "../http/route.ts";
import type { Key } from "../keys.ts";
import type { Metrics } from "../metrics.ts";
import { connectionOf } from "./connection.ts";
import type { Wish } from "./follow.ts";
import type { Interest } from "./interest.ts";
import { type Position, readId } from "./position.ts";
import type { Streams } from "./streams.ts";

/** The one thing that whoever holds a token may follow, whatever their key's other scopes. */
export type Pass = { readonly topic: Topic; readonly key: string };

export type StreamNeeds = {
  readonly streams: Streams;
  readonly metrics: Metrics;
  /** Every id that is this person today; undefined when nobody has it. */
  readonly membersOf: (personId: PersonId) => Promise<readonly PersonId[] | undefined>;
  /** The pass that a query shows, or why it is none; undefined when it shows nothing of the kind. */
  readonly passOf: (query: Readonly<Record<string, unknown>>) => Promise<Result<Pass> | undefined>;
};

type Query = {
  readonly topic?: string;
  readonly key?: string;
  readonly place?: string;
  readonly personId?: PersonId;
  readonly lastEventId?: string;
  readonly ends?: "never" | "caught_up";
};

/** GET /v1/stream. Raw, because its answer has no end. */
export function streamRoute(needs: StreamNeeds): Route {
  const check = checker(followStream.query, "/query", { convert: true, closed: true });
  return rawRoute(followStream, async ({ key, request, reply }) => {
    const turnAway = (refusal: Omit<Refusal, "ok">): undefined => {
      sendProblem(reply, refusal, request.id, languageOf(request));
    };
    const clean = checkAddress(request.query, "/query");
    if (!clean.ok) return turnAway(clean);
    // A page may bring its public key in the address: it was read before.
    const { writeKey: _, ...asked } = request.query as Record<string, unknown>;
    const query = check(asked);
    if (!query.ok) return turnAway(query);
    const wish = await wishOf(needs, key, query.value as Query, request);
    if (!wish.ok) return turnAway(wish);
    const room = needs.streams.hasRoom(key);
    if (!room.ok) return turnAway(room);
    const onDrop = (reason: string) => needs.metrics.streamsDropped.inc({ reason });
    begin(reply);
    needs.streams.add(connectionOf(reply.raw, onDrop), key, wish.value);
    return undefined;
  });
}

function begin(reply: FastifyReply): void {
  const headers = reply.getHeaders();
  reply.hijack();
  reply.raw.socket?.setNoDelay(true);
  reply.raw.writeHead(200, {
    ...(headers as Record<string, string>),
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    // Proxies that gather answers would keep events back.
    "x-accel-buffering": "no",
  });
  reply.raw.write(`retry: ${limits.streamRetryMs}\n\n`);
}

async function wishOf(
  needs: StreamNeeds,
  key: Key,
  query: Query,
  request: FastifyRequest,
): Promise<Result<Wish>> {
  const after = positionOf(query, request);
  if (!after.ok) return after;
  const interest = await interestOf(needs, key, query);
  if (!interest.ok) return interest;
  const endsCaughtUp = query.ends === "caught_up";
  return { ok: true, value: { interest: interest.value, after: after.value, endsCaughtUp } };
}

async function interestOf(needs: StreamNeeds, key: Key, query: Query): Promise<Result<Interest>> {
  const pass = await needs.passOf(query);
  if (pass !== undefined) return pass.ok ? passInterest(pass.value, query) : pass;
  const wanted = topicsOf(key, listOf(query.topic));
  if (!wanted.ok) return wanted;
  const people = query.personId === undefined ? undefined : await needs.membersOf(query.personId);
  if (query.personId !== undefined && people === undefined) return refuse("person_unknown");
  const [keys, places] = [listOf(query.key), listOf(query.place)];
  const interest: Interest = {
    topics: wanted.value,
    ...(keys === undefined ? {} : { keys }),
    ...(places === undefined ? {} : { places }),
    ...(people === undefined ? {} : { people }),
  };
  return { ok: true, value: interest };
}

/** A pass says by itself what is followed; a filter beside it is a misunderstanding. */
function passInterest({ topic, key }: Pass, query: Query): Result<Interest> {
  const beside = (["topic", "key", "place", "personId"] as const).filter((name) => query[name] !== undefined);
  if (beside.length === 0) return { ok: true, value: { topics: [topic], keys: [key] } };
  const detail = "leave it out: the token says what is followed";
  return refuse("request_invalid", {
    errors: beside.map((name) => ({ pointer: `/query/${name}`, detail })),
  });
}

const listOf = (text: string | undefined): string[] | undefined =>
  text === undefined ? undefined : [...new Set(text.split(","))].sort();

/** What a browser sends when it comes back stands in a header; who cannot set one says it in the address. */
function positionOf(query: Query, request: FastifyRequest): Result<Position | undefined, "request_invalid"> {
  const header = request.headers["last-event-id"]?.toString();
  const given = header || query.lastEventId;
  if (given === undefined || given === "") return { ok: true, value: undefined };
  const position = readId(given);
  if (position !== undefined) return { ok: true, value: position };
  const pointer = header ? "/headers/Last-Event-ID" : "/query/lastEventId";
  return refuse("request_invalid", {
    errors: [
      {
        pointer,
        detail: { en: "use the id of an event of this stream", es: "use el id de un evento de este flujo" },
      },
    ],
  });
}

/** Each topic asks for the scope of reading the same; without a wish, all that the key may hear. */
function topicsOf(key: Key, asked: readonly string[] | undefined): Result<Topic[]> {
  const unknown = asked?.find((name) => !(name in topics));
  if (unknown !== undefined) {
    const detail = `use ${allTopics.join(", ")}`;
    return refuse("request_invalid", { errors: [{ pointer: "/query/topic", detail }] });
  }
  if (key.kind === "public") {
    return refuse("topic_forbidden", {
      detail: {
        en: "A public key follows only what a token opens.",
        es: "Una llave pública sigue solo lo que abre un token.",
      },
    });
  }
  const may = (topic: Topic): boolean => key.scopes.includes(topics[topic].needs);
  const wanted = (asked as Topic[] | undefined) ?? allTopics.filter(may);
  const beyond = wanted.find((topic) => !may(topic));
  if (beyond !== undefined) {
    return refuse("topic_forbidden", {
      detail: {
        en: `${beyond} needs the scope ${topics[beyond].needs}.`,
        es: `${beyond} necesita el permiso ${topics[beyond].needs}.`,
      },
    });
  }
  return wanted.length > 0
    ? { ok: true, value: wanted }
    : refuse("topic_forbidden", {
        detail: {
          en: "The key has the scope of no topic.",
          es: "La llave no tiene el permiso de ningún tema.",
        },
      });
}
