import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { systemClock } from "@trato/base";
import { Value } from "typebox/value";
import { ask, send } from "./testing/ask.ts";
import { addressOf, assertProblem, type Declared, declaredEndpoints } from "./testing/endpoints.ts";
import { testHub } from "./testing/hub.ts";
import { assertSound } from "./testing/sound.ts";

const hub = await testHub();
after(() => hub.stop());

type Example = Declared["example"];

/** Every endpoint once but for the dialects, which all share one road; ids in the examples are of what exists. */
const real: Record<string, string> = {};
const endpoints = declaredEndpoints().filter(
  ({ name }) => !/^(segment|rudder)_/.test(name) || name === "segment_batch",
);
const exampleOf = (one: Declared): Example => {
  if (one.method === "DELETE") return one.example;
  const params = Object.entries(one.example.params ?? {}).map(([name, value]) => [name, real[name] ?? value]);
  return { ...one.example, params: Object.fromEntries(params) };
};
const call = (one: Declared, { body, ...parts }: Example) =>
  ask(hub, one.method, addressOf(one, parts), body);

before(async () => {
  const time = new Date(systemClock.nowMs() - 60_000).toISOString();
  const identities = { email: "ana@example.com" };
  await send(hub, [{ id: "c-1", type: "item.viewed", time, identities, data: { sku: "x" } }]);
  const { body: person } = await ask<{ personId: string }>(
    hub,
    "GET",
    "/v1/people?kind=email&value=ana@example.com",
  );
  real["personId"] = person.personId;
  const asked = { placement: "web.home", personId: person.personId };
  const { body: decision } = await ask<{ decisionId: string }>(hub, "POST", "/v1/decisions", asked);
  real["decisionId"] = decision.decisionId;
  const webhook = { url: "https://erp.example.com/trato", topics: ["order.changed"], label: "ERP" };
  const made = await ask<{ webhookId: string }>(hub, "POST", "/v1/webhooks", webhook);
  real["webhookId"] = made.body.webhookId;
});

/** What any endpoint may answer besides what it declares. */
const common = [
  "key_missing",
  "key_unknown",
  "scope_missing",
  "route_unknown",
  "body_unreadable",
  "request_invalid",
];

async function assertDeclared(one: Declared, example: Example, about: string): Promise<void> {
  const answer = await call(one, example);
  if (answer.status >= 400) {
    const code = assertProblem(answer, about);
    assert.ok([...common, ...one.problems].includes(code), `${about}: ${code} is declared`);
    assert.ok(answer.status < 500, `${about}: ${answer.text}`);
    return;
  }
  assert.equal(answer.status, one.status ?? 200, about);
  if (one.streams === true) {
    assert.match(answer.headers.get("content-type") ?? "", /^text\/event-stream/, about);
    return;
  }
  const error = Value.Errors(one.gives, answer.body)[0];
  assert.equal(error, undefined, `${about}: ${error?.instancePath} ${error?.message}`);
}

test("every endpoint answers its own example as it declares", async () => {
  for (const one of endpoints) {
    if (one.name !== "erasePerson") await assertDeclared(one, exampleOf(one), one.name);
  }
});

/** What nobody should send, as a value of any field. */
const hostile: readonly unknown[] = [
  "a\u0000b",
  "\ud800",
  "",
  "'; drop table events_log; --",
  "x".repeat(2_000),
  "99999999999999999999999",
  "99999999999999999999999~~x",
  "999999999999999.00000000-0000-0000-0000-000000000000",
  "00000000-0000-0000-0000-000000000000",
  "../../../etc/passwd",
  "\u202e\u{1f9c0}",
  -1,
  2 ** 53 + 2,
  1e308,
  null,
  [],
  { __proto__: null, constructor: { prototype: 1 } },
];

function* placesIn(value: unknown, place: readonly string[] = []): Generator<readonly string[]> {
  yield place;
  if (typeof value !== "object" || value === null) return;
  for (const [name, inner] of Object.entries(value)) yield* placesIn(inner, [...place, name]);
}

function put(whole: unknown, [first, ...rest]: readonly string[], value: unknown): unknown {
  if (first === undefined) return value;
  const copy = (Array.isArray(whole) ? [...whole] : { ...(whole as object) }) as Record<string, unknown>;
  copy[first] = put(copy[first], rest, value);
  return copy;
}

function* attacksOn(one: Declared): Generator<{ example: Example; about: string }> {
  const example = exampleOf(one);
  const names = {
    params: Object.keys(example.params ?? {}),
    query: Object.keys(one.query?.properties ?? {}),
  };
  for (const value of hostile) {
    const said = JSON.stringify(value).slice(0, 40);
    for (const part of ["params", "query"] as const) {
      for (const name of typeof value === "object" ? [] : names[part]) {
        const changed = { ...example[part], [name]: value };
        yield { example: { ...example, [part]: changed }, about: `${one.name} ${part}.${name} = ${said}` };
      }
    }
    if (example.body === undefined) continue;
    for (const place of placesIn(example.body)) {
      const body = put(example.body, place, value);
      yield { example: { ...example, body }, about: `${one.name} body/${place.join("/")} = ${said}` };
    }
  }
}

test("no value of any field of any endpoint breaks it: it is taken, or refused with a declared problem", async () => {
  // A part of the path that is empty is another address.
  const isElsewhere = ({ params }: Example) => Object.values(params ?? {}).some((value) => value === "");
  for (const one of endpoints) {
    const attacks = [...attacksOn(one)].filter(({ example }) => !isElsewhere(example));
    for (let i = 0; i < attacks.length; i += 16) {
      await Promise.all(
        attacks.slice(i, i + 16).map(({ example, about }) => assertDeclared(one, example, about)),
      );
    }
  }
  assert.equal((await ask(hub, "GET", "/healthz")).status, 200);
  await assertSound(hub);
});
