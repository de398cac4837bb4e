import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import { openapi } from "@trato/contract";
import type { FastifyInstance } from "fastify";
import type { Metrics } from "../metrics.ts";
import type { Route } from "./route.ts";

/** Serves what is printed from the endpoints: /openapi.json and a page to read at /reference; and /metrics. */
export async function serveReference(
  app: FastifyInstance,
  routes: readonly Route[],
  metrics: Metrics,
): Promise<void> {
  const document = openapi(routes.map((one) => one.endpoint));
  const text = JSON.stringify(document);
  await app.register(swagger, { mode: "static", specification: { document: document as never } });
  await app.register(swaggerUi, {
    routePrefix: "/reference",
    uiConfig: { docExpansion: "list", deepLinking: true, tryItOutEnabled: false },
    theme: { title: "Trato API" },
  });
  app.get("/openapi.json", (_request, reply) => reply.type("application/json; charset=utf-8").send(text));
  app.get("/metrics", async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
}
