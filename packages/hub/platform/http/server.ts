import { limits } from "@trato/base";
import type { Refusal } from "@trato/contract";
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  fastify,
  LogController,
} from "fastify";
import { secretOf } from "../keys.ts";
import { answerRoute } from "./answer.ts";
import { answerClientError } from "./client-error.ts";
import { refusalOf, sendProblem } from "./problem.ts";
import { createRateLimit } from "./rate.ts";
import { callers, languageOf, type ServerNeeds } from "./request.ts";
import type { Route } from "./route.ts";

/** The HTTP server of the hub. It knows no business: routes are given to it. */
export function createServer(needs: ServerNeeds, routes: readonly Route[]): FastifyInstance {
  const app = fastify({
    loggerInstance: needs.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: limits.bodyBytesMax,
    requestTimeout: limits.requestMsMax,
    http: {
      headersTimeout: limits.headersMsMax,
      connectionsCheckingInterval: limits.connectionCheckMs,
      maxHeaderSize: limits.headersBytesMax,
    },
    clientErrorHandler: answerClientError,
    // An address that is no text, or has a part that is longer than any of ours.
    frameworkErrors: (_cause, request, reply) =>
      sendProblem(reply, { problem: "route_unknown" }, request.id, languageOf(request)),
    keepAliveTimeout: 65_000,
    trustProxy: needs.trustProxy ?? false,
    routerOptions: { maxParamLength: 500 },
    forceCloseConnections: "idle",
    genReqId: () => crypto.randomUUID(),
    exposeHeadRoutes: false,
  });
  // Bodies are read by path, not by Content-Type: shop SDKs say text/plain or form-urlencoded and mean JSON.
  app.addHook("onRequest", (request, _reply, done) => {
    delete request.raw.headers["content-type"];
    done();
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  app.setNotFoundHandler((request, reply) =>
    sendProblem(reply, { problem: "route_unknown" }, request.id, languageOf(request)),
  );
  app.setErrorHandler((cause, request, reply) => answerSurprise(needs, cause, request, reply));
  app.addHook("onResponse", (request, reply, done) => {
    const endpoint = request.routeOptions.url ?? "unknown";
    // How long a stream was followed says nothing about how fast we answer.
    if (reply.raw.getHeader("content-type")?.toString().startsWith("text/event-stream")) return done();
    needs.metrics.requestSeconds.observe({ endpoint, status: reply.statusCode }, reply.elapsedTime / 1_000);
    done();
  });
  allowOtherOrigins(app);
  const allows = createRateLimit(
    { perSecond: limits.requestsPerSecondPerKeyMax, saved: limits.requestsPerSecondPerKeyMax },
    () => performance.now(),
  );
  for (const one of routes) addRoute(app, needs, one, allows);
  return app;
}

function answerSurprise(needs: ServerNeeds, cause: unknown, request: FastifyRequest, reply: FastifyReply) {
  const refusal = refusalOf(cause);
  const endpoint = request.routeOptions.url;
  if (refusal.problem === "internal") {
    needs.log.error({ instance: request.id, endpoint, cause: stackOf(cause) }, "a request failed");
  } else if (refusal.problem !== "body_too_large" && refusal.problem !== "body_unreadable") {
    needs.log.warn({ instance: request.id, endpoint, problem: refusal.problem }, "a request was turned away");
  }
  return sendProblem(reply, refusal, request.id, languageOf(request));
}

/** Where it broke. What PostgreSQL quotes when it refuses a value may be anybody's, and is left out. */
function stackOf(cause: unknown): string {
  const stack = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  const { code } = (cause ?? {}) as { code?: unknown };
  return typeof code === "string" && code.startsWith("22") ? stack.replaceAll(/"[^"]*"/g, '"…"') : stack;
}

/** Public keys are used from pages of any origin; a secret key never belongs in a browser, and no cookie is read. */
function allowOtherOrigins(app: FastifyInstance): void {
  app.addHook("onRequest", (request, reply, done) => {
    if (request.headers.origin !== undefined) {
      reply.header("access-control-allow-origin", "*");
      reply.header("access-control-expose-headers", "retry-after");
    }
    done();
  });
  app.options("/*", (_request, reply) =>
    reply
      .header("access-control-allow-methods", "GET,POST,PUT,DELETE")
      .header(
        "access-control-allow-headers",
        "authorization,content-type,content-encoding,anonymousid,idempotency-key,last-event-id",
      )
      .header("access-control-max-age", "7200")
      .code(204)
      .send(),
  );
}

function addRoute(
  app: FastifyInstance,
  needs: ServerNeeds,
  one: Route,
  allows: (keyId: string) => boolean,
): void {
  const { endpoint } = one;
  const writes = endpoint.method !== "GET";
  const answer = answerRoute(needs, one);
  app.route({
    method: endpoint.method,
    url: endpoint.path.replaceAll(/\{(\w+)\}/g, ":$1"),
    // Before the body is read: a caller without a key, or a full disk, costs us no more than the headers.
    onRequest: async (request, reply) => {
      const refusal = await turnAway(needs, request, one, allows);
      if (refusal !== undefined) return sendProblem(reply, refusal, request.id, languageOf(request));
      const closed = writes ? needs.refusesWrites() : undefined;
      if (closed !== undefined) return sendProblem(reply, closed, request.id, languageOf(request));
      return undefined;
    },
    handler: answer,
  });
}

async function turnAway(
  needs: ServerNeeds,
  request: FastifyRequest,
  one: Route,
  allows: (keyId: string) => boolean,
): Promise<Omit<Refusal, "ok"> | undefined> {
  const scope = one.endpoint.needs;
  if (scope === "open") return undefined;
  const secret = secretOf(request.headers.authorization) ?? writeKeyOf(request, one);
  if (secret === undefined) return { problem: "key_missing" };
  const key = await needs.keys.find(secret);
  if (key === undefined) return { problem: "key_unknown" };
  if (!key.scopes.includes(scope))
    return {
      problem: "scope_missing",
      detail: {
        en: `The key needs the scope ${scope}.`,
        es: `La llave necesita el permiso ${scope}.`,
      },
    };
  if (!allows(key.id)) return { problem: "rate_exceeded" };
  callers.set(request, key);
  return undefined;
}

/** Beacons cannot set headers: their public key comes in the address. Secret keys are never read from there. */
function writeKeyOf(request: FastifyRequest, one: Route): string | undefined {
  if (one.kind !== "raw") return undefined;
  const given = (request.query as { writeKey?: unknown }).writeKey;
  return typeof given === "string" && given.startsWith("tpk_") ? given : undefined;
}
