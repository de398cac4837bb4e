import { fakeClock } from "@trato/base";
import type { TrainingStatus } from "@trato/contract";
import { createMetrics, createServer, type Route, silentLog } from "../../platform/index.ts";
import type { TestDatabase } from "../../testing/database.ts";
import {
  listAnomaliesRoute,
  listDemandRoute,
  listFamiliesRoute,
  listModelsRoute,
  type Purchase,
  promoteModelRoute,
  readModelRoute,
  readTrainingRoute,
  startTrainingRoute,
} from "../index.ts";
import { pagesOf, sourcesOf } from "./small-shop.ts";

export const clock = fakeClock(Date.UTC(2026, 8, 1));
const key = {
  id: "k",
  source: "test",
  kind: "secret" as const,
  scopes: ["scores:read", "scores:train"] as const,
};

/** A hub as far as scores need one: routes over HTTP, and trainings that run when they are told to. */
export function scoreHub(database: TestDatabase["database"], purchases: readonly Purchase[]) {
  const asked: string[] = [];
  const stop = new AbortController();
  const needs = {
    database,
    clock,
    log: silentLog,
    stopping: stop.signal,
    sources: sourcesOf(() => pagesOf(purchases)),
  };
  const routes: Route[] = [
    startTrainingRoute({ onAsked: () => asked.push("asked") }),
    readTrainingRoute({ database }),
    listModelsRoute({ database }),
    listFamiliesRoute({ database }),
    listDemandRoute({ database }),
    listAnomaliesRoute({ database }),
    readModelRoute({ database }),
    promoteModelRoute({ onPromoted: () => undefined }),
  ];
  const server = createServer(
    {
      database,
      keys: { find: async () => key, forget: () => undefined },
      clock,
      log: silentLog,
      metrics: createMetrics(),
      refusesWrites: () => undefined,
      trustProxy: undefined,
    },
    routes,
  );
  const call = async <Body>(method: "GET" | "POST", url: string): Promise<{ status: number; body: Body }> => {
    const answer = await server.inject({ method, url, headers: { authorization: "Bearer trk_test" } });
    return { status: answer.statusCode, body: answer.json() as Body };
  };
  const ask = async (asked = "?family=purchases") =>
    (await call<{ jobId: string }>("POST", `/v1/models/train${asked}`)).body.jobId;
  const status = async (jobId: string) =>
    (await call<TrainingStatus>("GET", `/v1/models/training/${jobId}`)).body;
  return { needs, stop, call, ask, status, asked, server };
}
