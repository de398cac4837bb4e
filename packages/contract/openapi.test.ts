import assert from "node:assert/strict";
import { test } from "node:test";
import { Validator } from "@seriousme/openapi-schema-validator";
import { limits } from "@trato/base";
import { Type } from "typebox";
import { Value } from "typebox/value";
import { endpoint } from "./endpoint.ts";
import { openapi, type Printable } from "./openapi.ts";
import { problems } from "./problems.ts";

const read = endpoint({
  name: "readShelf",
  method: "GET",
  path: "/v1/shelves/{shelfId}",
  tag: "shelves",
  says: "Reads a shelf.",
  more: "With what stands on it.",
  needs: "catalog:read",
  params: Type.Object({ shelfId: Type.String({ description: "The shelf's name." }) }),
  query: Type.Object({
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10 })),
    language: Type.Enum(["es", "en"]),
  }),
  gives: Type.Object({ title: Type.String(), rows: Type.Optional(Type.Array(Type.Integer())) }),
  problems: ["person_unknown"],
  example: { params: { shelfId: "a-1" }, query: { language: "es" }, gives: { title: "Lácteos" } },
});

const write = endpoint({
  name: "writeShelf",
  method: "PUT",
  path: "/v1/shelves/{shelfId}",
  tag: "shelves",
  says: "Writes a shelf.",
  needs: "catalog:write",
  params: Type.Object({ shelfId: Type.String() }),
  body: Type.Object({ title: Type.String({ minLength: 1 }) }),
  gives: Type.Object({ shelfId: Type.String() }),
  status: 201,
  idempotent: true,
  problems: ["overloaded"],
  example: { params: { shelfId: "a-1" }, body: { title: "Lácteos" }, gives: { shelfId: "a-1" } },
});

const health = endpoint({
  name: "readHealth",
  method: "GET",
  path: "/healthz",
  tag: "hub",
  says: "Says that the process runs.",
  needs: "open",
  gives: Type.Null(),
  status: 204,
  problems: [],
  example: { gives: null },
});

type Any = { readonly [name: string]: Any } & readonly Any[];
/** The document as a reader of the printed text gets it. */
const print = (endpoints: readonly Printable[]): Any => JSON.parse(JSON.stringify(openapi(endpoints))) as Any;
const at = (value: Any, ...names: readonly string[]): Any =>
  names.reduce((inner, name) => {
    assert.ok(inner[name] !== undefined, `${names.join(" → ")} is there`);
    return inner[name];
  }, value);

const printed = print([write, read, health]);
const get = at(printed, "paths", "/v1/shelves/{shelfId}", "get");
const put = at(printed, "paths", "/v1/shelves/{shelfId}", "put");

test("the printed document is OpenAPI 3.1, and its references lead somewhere", async () => {
  const checked = await new Validator().validate(JSON.parse(JSON.stringify(printed)) as { openapi: string });
  assert.ok(checked.valid, JSON.stringify(checked.errors));
  const references = JSON.stringify(printed).matchAll(/"\$ref":"#\/([^"]+)"/g);
  for (const [, path = ""] of references) at(printed, ...path.split("/"));
});

test("an operation says its name, tag, sentence and scope", () => {
  assert.deepEqual(
    [get["operationId"], get["tags"], get["x-scope"]],
    ["readShelf", ["shelves"], "catalog:read"],
  );
  assert.deepEqual([get["summary"], get["description"]], ["Reads a shelf.", "With what stands on it."]);
  assert.deepEqual(printed["tags"], [{ name: "hub" }, { name: "shelves" }]);
});

test("path parameters are required; of the query, only those that are not optional", () => {
  const named = at(get, "parameters").map((one) => [one["name"], one["in"], one["required"]]);
  assert.deepEqual(named, [
    ["shelfId", "path", true],
    ["limit", "query", false],
    ["language", "query", true],
  ]);
  assert.equal(at(get, "parameters", "0", "description"), "The shelf's name.");
  assert.equal(at(get, "parameters", "0", "example"), "a-1");
});

test("a key is needed by bearer or basic, except where everybody may read", () => {
  assert.deepEqual(printed["security"], [{ bearer: [] }, { basic: [] }]);
  assert.deepEqual(Object.keys(at(printed, "components", "securitySchemes")), ["bearer", "basic"]);
  assert.deepEqual(at(printed, "paths", "/healthz", "get", "security"), []);
  assert.equal(get["security"], undefined);
  assert.equal(at(printed, "paths", "/healthz", "get", "responses")["401"], undefined);
});

test("a command takes an Idempotency-Key; a read does not", () => {
  const refs = at(put, "parameters").map((one) => one["$ref"]);
  assert.ok(refs.some((ref) => String(ref) === "#/components/parameters/IdempotencyKey"));
  assert.ok(!JSON.stringify(get).includes("IdempotencyKey"));
  const schema = at(printed, "components", "parameters", "IdempotencyKey", "schema");
  assert.equal(schema["maxLength"], limits.idempotencyKeyCharsMax);
});

test("problems stand under their status, most specific first, each with an example that can be met", () => {
  const refusal = (operation: Any, status: string): Any =>
    at(
      printed,
      ...String(at(operation, "responses", status, "$ref"))
        .split("/")
        .slice(1),
    );
  const codes = (operation: Any, status: string): string[] =>
    Object.keys(at(refusal(operation, status), "content", "application/problem+json", "examples"));
  assert.deepEqual(codes(get, "404"), ["person_unknown"]);
  assert.deepEqual(codes(get, "401"), ["key_missing", "key_unknown"]);
  assert.deepEqual(codes(put, "503"), ["overloaded", "database_away", "disk_low", "stopping"]);
  assert.deepEqual(codes(put, "409"), ["idempotency_running"]);
  assert.equal(at(get, "responses")["409"], undefined);
  assert.ok(at(refusal(put, "503"), "headers", "Retry-After"));
  const { schemas, examples } = at(printed, "components");
  for (const code of Object.keys(problems)) {
    assert.ok(Value.Check(at(schemas as Any, "Problem"), at(examples as Any, code, "value")), code);
  }
});

test("the worked examples fit the schemas beside them", () => {
  const body = at(put, "requestBody", "content", "application/json");
  assert.ok(Value.Check(at(body, "schema"), body["example"]));
  assert.ok(
    !Value.Check(at(body, "schema"), { title: "" }),
    "the printed schema refuses what the endpoint refuses",
  );
  const answer = at(put, "responses", "201", "content", "application/json");
  assert.deepEqual(answer["example"], { shelfId: "a-1" });
  assert.ok(Value.Check(at(answer, "schema"), answer["example"]));
  assert.equal(at(printed, "paths", "/healthz", "get", "responses", "204")["content"], undefined);
});

test("the order in which endpoints are given does not matter", () => {
  assert.equal(
    JSON.stringify(openapi([write, read, health])),
    JSON.stringify(openapi([health, read, write])),
  );
});

test("two endpoints cannot share a name or an address", () => {
  assert.throws(() => openapi([read, { ...health, name: "readShelf" }]), /Two endpoints are named readShelf/);
  assert.throws(() => openapi([read, { ...read, name: "other" }]), /Two endpoints answer GET \/v1\/shelves/);
});
