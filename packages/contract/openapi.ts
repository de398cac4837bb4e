import { limits } from "@trato/base";
import type { TObject, TSchema } from "typebox";
import type { Endpoint } from "./endpoint.ts";
import manifest from "./package.json" with { type: "json" };
import { type ProblemCode, problems, problemType } from "./problems.ts";

/** An endpoint as it is printed: whatever its example is made of. */
export type Printable = Omit<Endpoint, "example"> & {
  readonly example: {
    readonly params?: unknown;
    readonly query?: unknown;
    readonly body?: unknown;
    readonly gives: unknown;
  };
};

type Printed = Record<string, unknown>;

/**
 * Prints OpenAPI 3.1 from the declarations of endpoints: sorted by address, so that the same endpoints always give
 * the same text. Throws when two endpoints share a name, or a method and an address.
 */
export function openapi(endpoints: readonly Printable[]): object {
  const paths: Record<string, Printed> = {};
  const names = new Set<string>();
  for (const one of endpoints.toSorted(byAddress)) {
    const path = paths[one.path] ?? {};
    const method = one.method.toLowerCase();
    if (method in path) throw new Error(`Two endpoints answer ${one.method} ${one.path}.`);
    if (names.has(one.name)) throw new Error(`Two endpoints are named ${one.name}.`);
    names.add(one.name);
    paths[one.path] = { ...path, [method]: operation(one) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Trato",
      version: manifest.version,
      summary: "Connected retail: events in, moments out.",
      description:
        "Every refusal is `application/problem+json` (RFC 9457) with a `code` from a closed list; its title is in " +
        "English or, with `Accept-Language: es`, in Spanish.",
      license: { name: "Apache 2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    tags: [...new Set(endpoints.map(({ tag }) => tag))].sort().map((name) => ({ name })),
    security: [{ bearer: [] }, { basic: [] }],
    paths,
    components: { ...components, responses: refusalResponses(endpoints) },
  };
}

function byAddress(a: Printable, b: Printable): number {
  const [left, right] = [`${a.path} ${a.method}`, `${b.path} ${b.method}`];
  return left < right ? -1 : left > right ? 1 : 0;
}

function operation(one: Printable): Printed {
  return {
    operationId: one.name,
    tags: [one.tag],
    summary: one.says,
    ...(one.more === undefined ? {} : { description: one.more }),
    ...(one.needs === "open" ? { security: [] } : {}),
    "x-scope": one.needs,
    parameters: [
      ...parameters("path", one.params, one.example.params),
      ...parameters("query", one.query, one.example.query),
      ...(one.idempotent === true ? [{ $ref: "#/components/parameters/IdempotencyKey" }] : []),
    ],
    ...(one.body === undefined ? {} : { requestBody: requestBody(one.body, one.example.body) }),
    responses: { ...success(one), ...refusals(one) },
  };
}

function parameters(where: "path" | "query", schema: TObject | undefined, example: unknown): Printed[] {
  if (schema === undefined) return [];
  const required = new Set<string>(schema.required);
  const examples = (example ?? {}) as Readonly<Record<string, unknown>>;
  return Object.entries(schema.properties).map(([name, property]) => {
    const { description, ...shape } = plain(property);
    return {
      name,
      in: where,
      required: where === "path" || required.has(name),
      ...(description === undefined ? {} : { description }),
      schema: shape,
      ...(examples[name] === undefined ? {} : { example: examples[name] }),
    };
  });
}

function requestBody(schema: TSchema, example: unknown): Printed {
  return { required: true, content: { "application/json": content(schema, example) } };
}

function success({ status = 200, says, gives, streams, example }: Printable): Printed {
  if (status === 204) return { 204: { description: says } };
  const type = streams === true ? "text/event-stream" : "application/json";
  return { [status]: { description: says, content: { [type]: content(gives, example.gives) } } };
}

function content(schema: TSchema, example: unknown): Printed {
  return { schema: plain(schema), ...(example === undefined ? {} : { example }) };
}

/** A schema as it goes over the wire, without what TypeBox keeps for itself. */
function plain(schema: TSchema): Printed {
  return JSON.parse(JSON.stringify(schema)) as Printed;
}

/** The problems an endpoint can meet, by status: those it declares, and those any endpoint of its kind can meet. */
function refusalsOf(one: Printable): [status: number, codes: readonly ProblemCode[]][] {
  const codes = [...new Set([...one.problems, ...implied(one)])].sort(byPrecedence);
  const statuses = new Set(codes.map((code) => problems[code][0]));
  return [...statuses].map((status) => [status, codes.filter((code) => problems[code][0] === status)]);
}

/** Endpoints that can meet the same problems share one response, named after its problems. */
const refusalName = (codes: readonly ProblemCode[]): string => codes.join(".");

function refusals(one: Printable): Printed {
  return Object.fromEntries(
    refusalsOf(one).map(([status, codes]) => [
      status,
      { $ref: `#/components/responses/${refusalName(codes)}` },
    ]),
  );
}

function refusalResponses(endpoints: readonly Printable[]): Printed {
  const met = endpoints
    .flatMap(refusalsOf)
    .map(([status, codes]) => [refusalName(codes), refusal(status, codes)] as const);
  return Object.fromEntries(met.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

const precedence = Object.keys(problems) as ProblemCode[];
const byPrecedence = (a: ProblemCode, b: ProblemCode): number =>
  precedence.indexOf(a) - precedence.indexOf(b);

function implied({ needs, method, params, query, body, idempotent }: Printable): ProblemCode[] {
  const keyed: ProblemCode[] = [
    "key_missing",
    "key_unknown",
    "scope_missing",
    "rate_exceeded",
    "database_away",
  ];
  const checked = params ?? query ?? body;
  return [
    ...(needs === "open" ? [] : keyed),
    ...(body === undefined ? [] : (["body_too_large", "body_unreadable"] as const)),
    ...(checked === undefined && idempotent !== true ? [] : (["request_invalid"] as const)),
    ...(idempotent === true ? (["idempotency_running", "idempotency_mismatch"] as const) : []),
    ...(method === "GET" ? [] : (["disk_low", "stopping"] as const)),
    "internal",
  ];
}

function refusal(status: number, codes: readonly ProblemCode[]): Printed {
  const examples = Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }]));
  const later = status === 429 || status === 503;
  return {
    description: codes.map((code) => `\`${code}\`: ${problems[code][1]}`).join("\n\n"),
    ...(later ? { headers: { "Retry-After": { $ref: "#/components/headers/RetryAfter" } } } : {}),
    content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" }, examples } },
  };
}

const problemSchema = {
  type: "object",
  description: "Why a request was refused, by RFC 9457.",
  required: ["type", "title", "status", "code", "instance"],
  properties: {
    type: { type: "string", format: "uri" },
    title: { type: "string", description: "One sentence, in the language asked for." },
    status: { type: "integer" },
    code: { type: "string", enum: precedence },
    detail: { type: "string", description: "What is particular about this refusal." },
    errors: {
      type: "array",
      items: {
        type: "object",
        required: ["pointer", "detail"],
        properties: {
          pointer: { type: "string", description: "JSON Pointer (RFC 6901) to the field." },
          detail: { type: "string", description: "The remedy." },
        },
      },
    },
    instance: { type: "string", description: "Names this one request in the log." },
  },
};

const components = {
  securitySchemes: {
    bearer: { type: "http", scheme: "bearer", description: "Authorization: Bearer <key>" },
    basic: {
      type: "http",
      scheme: "basic",
      description: "The key as user name; the password is not looked at.",
    },
  },
  parameters: {
    IdempotencyKey: {
      name: "Idempotency-Key",
      in: "header",
      required: false,
      description:
        "Chosen by the caller. Used twice with the same body, the command acts once and answers the same.",
      schema: { type: "string", minLength: 1, maxLength: limits.idempotencyKeyCharsMax },
    },
  },
  headers: {
    RetryAfter: {
      description: "Seconds to wait before trying again.",
      schema: { type: "integer", minimum: 1 },
    },
  },
  schemas: { Problem: problemSchema },
  examples: Object.fromEntries(precedence.map((code) => [code, { value: exampleOf(code) }])),
};

function exampleOf(code: ProblemCode): Printed {
  const [status, title] = problems[code];
  const errors = [{ pointer: "/body/currency", detail: "add currency" }];
  return {
    type: problemType(code),
    title,
    status,
    code,
    ...(code === "request_invalid" ? { errors } : {}),
    instance: "req-1",
  };
}
