import { limits } from "@trato/base";
import { type ProblemCode, problems, type Refusal, saidIn } from "@trato/contract";
import type { FastifyReply } from "fastify";
import { Overloaded } from "../coalesce.ts";
import { isDatabaseAway, isDiskFull, mayTryAgain } from "../database.ts";

/** RFC 9457 problem details, with our closed list of codes. */
export function problemBody(refusal: Omit<Refusal, "ok">, instance: string, language: string) {
  const [status, en, es] = problems[refusal.problem];
  return {
    type: `https://trato.dev/problems/${refusal.problem}`,
    title: language.startsWith("es") ? es : en,
    status,
    code: refusal.problem,
    ...(refusal.detail === undefined ? {} : { detail: saidIn(refusal.detail, language) }),
    ...(refusal.errors === undefined
      ? {}
      : {
          errors: refusal.errors.map(({ pointer, detail }) => {
            return { pointer, detail: saidIn(detail, language) };
          }),
        }),
    instance,
  };
}

export function sendProblem(
  reply: FastifyReply,
  refusal: Omit<Refusal, "ok">,
  instance: string,
  language: string,
): FastifyReply {
  const body = problemBody(refusal, instance, language);
  if (body.status === 429 || body.status === 503) {
    reply.header("retry-after", String(retryAfterSeconds(refusal.problem)));
  }
  if (body.status === 401) reply.header("www-authenticate", 'Bearer realm="trato"');
  return reply.code(body.status).type("application/problem+json").send(JSON.stringify(body));
}

function retryAfterSeconds(problem: ProblemCode): number {
  if (problem === "carts_too_many") return Math.ceil(3_600 / limits.ownCartsPerAddressHour);
  return problem === "disk_low" ? 30 : limits.retryAfterSecondsMin;
}

/** The refusal that a thrown surprise amounts to: the database is away, the disk full, the queue full, or a bug. */
export function refusalOf(cause: unknown): Omit<Refusal, "ok"> {
  if (cause instanceof Overloaded || mayTryAgain(cause)) return { problem: "overloaded" };
  if (isDiskFull(cause)) return { problem: "disk_low" };
  if (isDatabaseAway(cause)) return { problem: "database_away" };
  const status = (cause as { statusCode?: number } | undefined)?.statusCode;
  if (status === 413) return { problem: "body_too_large" };
  if (status !== undefined && status >= 400 && status < 500) return { problem: "body_unreadable" };
  return { problem: "internal" };
}
