import { type Result, refuse } from "@trato/contract";
import type { FastifyReply, FastifyRequest } from "fastify";
import { Type } from "typebox";
import type { Queries } from "../database.ts";
import { attempt, idempotencyKeyOf, type Once, once, onceOf } from "../idempotency.ts";
import type { Key } from "../keys.ts";
import { checkAddress, checker, parseJson } from "./body.ts";
import { sendProblem } from "./problem.ts";
import { callers, languageOf, type ServerNeeds } from "./request.ts";
import type { Call, Route } from "./route.ts";

const noQuery = Type.Object({});
const openKey: Key = { id: "open", source: "open", kind: "public", scopes: [] };
const statusOf = (one: Route): number => one.endpoint.status ?? 200;

type Answer = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;
type AnyCall = Call<unknown, unknown, unknown>;

/** Builds the function Fastify calls: read and check the request, run the handler, write answer or problem. */
export function answerRoute(needs: ServerNeeds, one: Route): Answer {
  if (one.kind === "raw") return answerRaw(needs, one);
  const readCall = callReader(needs, one);
  return async (request, reply) => {
    const read = readCall(request);
    if (!read.ok) return sendProblem(reply, read, request.id, languageOf(request));
    if (one.kind === "command") return answerCommand(needs, one, read.value, request, reply);
    if (one.kind === "shared") return answerShared(one, read.value, request, reply);
    const result = await one.handle(read.value);
    if (!result.ok) return sendProblem(reply, result, request.id, languageOf(request));
    return sendJson(reply, statusOf(one), result.value);
  };
}

function sendJson(reply: FastifyReply, status: number, value: unknown): FastifyReply {
  return reply.code(status).type("application/json; charset=utf-8").send(JSON.stringify(value));
}

function callReader(needs: ServerNeeds, one: Route): (request: FastifyRequest) => Result<AnyCall> {
  const { endpoint } = one;
  const checkParams = checker(endpoint.params, "/path");
  const checkQuery = checker(endpoint.query ?? noQuery, "/query", { convert: true, closed: true });
  const checkBody = checker(endpoint.body, "/body");
  return (request) => {
    const parsed =
      endpoint.body === undefined
        ? { ok: true as const, value: undefined }
        : parseJson(request.body as Buffer);
    if (!parsed.ok) return parsed;
    for (const [part, from] of [
      [request.params, "/path"],
      [request.query, "/query"],
    ] as const) {
      const clean = checkAddress(part, from);
      if (!clean.ok) return clean;
    }
    const params = checkParams(request.params);
    if (!params.ok) return params;
    const query = checkQuery(request.query);
    if (!query.ok) return query;
    const body = checkBody(parsed.value);
    if (!body.ok) return body;
    const key = callers.get(request) ?? openKey;
    const call = {
      params: params.value,
      query: query.value,
      body: body.value,
      key,
      address: request.ip,
      language: languageOf(request),
      nowMs: needs.clock.nowMs(),
      log: request.log,
    };
    return { ok: true, value: call };
  };
}

async function answerCommand(
  needs: ServerNeeds,
  one: Route & { kind: "command" },
  call: AnyCall,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const run = async (tx: Queries) => {
    const result = await one.handle({ ...call, tx });
    return result.ok ? { ok: true as const, answer: { status: statusOf(one), body: result.value } } : result;
  };
  const key = onceFor(one, call, request);
  if (!key.ok) return sendProblem(reply, key, request.id, languageOf(request));
  const done =
    key.value === undefined
      ? await attempt(needs.database, async (tx) => ({ replayed: false, ...(await run(tx)) }))
      : await once(needs.database, key.value, run);
  if (!done.ok) return sendProblem(reply, done, request.id, languageOf(request));
  one.after?.();
  if (done.replayed) reply.header("idempotency-replayed", "true");
  return sendJson(reply, done.answer.status, done.answer.body);
}

async function answerShared(
  one: Route & { kind: "shared" },
  call: AnyCall,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const key = onceFor(one, call, request);
  if (!key.ok) return sendProblem(reply, key, request.id, languageOf(request));
  const done = await one.handle({ ...call, once: key.value });
  if (!done.ok) return sendProblem(reply, done, request.id, languageOf(request));
  if (done.replayed) reply.header("idempotency-replayed", "true");
  return sendJson(reply, statusOf(one), done.value);
}

/** The Idempotency-Key of a call with what it asks; none when the caller sent none. */
function onceFor(one: Route, call: AnyCall, request: FastifyRequest): Result<Once | undefined> {
  const header = request.headers["idempotency-key"];
  if (header === undefined) return { ok: true, value: undefined };
  const key = idempotencyKeyOf(typeof header === "string" ? header : undefined);
  if (key === undefined) {
    const errors = [
      {
        pointer: "/headers/Idempotency-Key",
        detail: { en: "use 1 to 255 characters", es: "use de 1 a 255 caracteres" },
      },
    ];
    return refuse("request_invalid", { errors });
  }
  const asked = { params: call.params, query: call.query, body: call.body };
  const route = `${one.endpoint.method} ${one.endpoint.path}`;
  return { ok: true, value: onceOf({ keyId: call.key.id, route, key, request: asked }) };
}

function answerRaw(needs: ServerNeeds, one: Route & { kind: "raw" }): Answer {
  return async (request, reply) => {
    const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const key = callers.get(request) ?? openKey;
    const done = await one.handle({ key, bytes, request, reply, nowMs: needs.clock.nowMs() });
    if (done !== undefined && "problem" in done)
      return sendProblem(reply, done, request.id, languageOf(request));
    return done === undefined ? reply : sendJson(reply, done.status, done.body);
  };
}
