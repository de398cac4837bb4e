import assert from "node:assert/strict";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { after, test } from "node:test";
import { limits, systemClock } from "@trato/base";
import { allScopes, type Scope } from "@trato/contract";
import type { FastifyInstance } from "fastify";
import { type Answer, ask, send } from "./testing/ask.ts";
import { addressOf, assertProblem, type Declared, declaredEndpoints } from "./testing/endpoints.ts";
import { testHub } from "./testing/hub.ts";
import { assertSound } from "./testing/sound.ts";

/** Every route the server really has, heard from the server itself. */
const routes: { method: string; url: string }[] = [];
const heard = (message: unknown) => {
  const { fastify } = message as { fastify: FastifyInstance };
  fastify.addHook("onRoute", ({ method, url }) => {
    for (const one of [method].flat()) routes.push({ method: one, url });
  });
};
subscribe("fastify.initialization", heard);
const hub = await testHub();
unsubscribe("fastify.initialization", heard);
after(() => hub.stop());

const endpoints = declaredEndpoints();
/** Lets in whoever has signed what it sends, and needs no key for it. */
const signed = new Set(["stripeWebhook"]);
const call = (one: Declared, key: string | null): Promise<Answer<unknown>> =>
  ask(hub, one.method, addressOf(one, one.example), one.example.body, { key });

async function makeKey(more: { kind?: "public" | "secret"; scopes?: readonly Scope[]; source?: string }) {
  const { kind = "secret", source = "test", scopes } = more;
  const wanted = { source, kind, label: "A key of the test", ...(scopes === undefined ? {} : { scopes }) };
  const { status, body } = await ask<{ keyId: string; secret: string }>(hub, "POST", "/v1/keys", wanted);
  assert.equal(status, 201);
  return body;
}

test("the description that the server gives of itself names every endpoint of the contract and no other", async () => {
  const { body } = await ask<{ paths: Record<string, Record<string, Record<string, unknown>>> }>(
    hub,
    "GET",
    "/openapi.json",
    undefined,
    { key: null },
  );
  const described = Object.entries(body.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, one]) => `${method.toUpperCase()} ${path} ${String(one["x-scope"] ?? "open")}`,
    ),
  );
  assert.deepEqual(described.sort(), endpoints.map((one) => `${one.method} ${one.path} ${one.needs}`).sort());
});

test("every route of the server is described, but for the description itself, figures and answers to browsers", () => {
  const described = new Set(
    endpoints.map(({ method, path }) => `${method} ${path.replaceAll(/\{(\w+)\}/g, ":$1")}`),
  );
  const beside = routes.map(({ method, url }) => `${method} ${url}`).filter((one) => !described.delete(one));
  assert.deepEqual([...described], [], "all that is described is served");
  const known = /^(GET \/openapi\.json|GET \/metrics|OPTIONS \/\*|(GET|HEAD) \/reference(\/.*)?)$/;
  assert.deepEqual(
    beside.filter((one) => !known.test(one)),
    [],
  );
});

test("without a key, and with one that nobody made, nothing but the open endpoints answers", async () => {
  const unknown = `trk_0123456789abcdef_${"A".repeat(43)}`;
  for (const one of endpoints) {
    if (one.needs === "open") {
      const answer = await call(one, null);
      if (signed.has(one.name)) assert.equal(assertProblem(answer, one.name), "provider_unknown");
      else assert.ok(answer.status < 400, one.name);
      continue;
    }
    for (const [key, code] of [
      [null, "key_missing"],
      [unknown, "key_unknown"],
      ["not-a-key", "key_unknown"],
    ] as const) {
      const answer = await call(one, key);
      assert.equal(assertProblem(answer, one.name), code, one.name);
      assert.equal(answer.status, 401);
    }
  }
});

test("a key with any single scope opens exactly the endpoints that name this scope", async () => {
  for (const scope of allScopes) {
    const { secret } = await makeKey({ scopes: [scope] });
    for (const one of endpoints) {
      const answer = await call(one, secret);
      const about = `${one.name} with ${scope}`;
      if (answer.status >= 400) {
        const code = assertProblem(answer, about);
        assert.equal(
          code === "scope_missing",
          one.needs !== "open" && one.needs !== scope,
          `${about}: ${code}`,
        );
        assert.ok(![401, 500, 503].includes(answer.status), `${about}: ${answer.text}`);
      } else {
        assert.ok(one.needs === "open" || one.needs === scope, about);
      }
    }
  }
  await assertSound(hub);
});

test("a public key, which stands in web pages, appends to its own source, opens carts by token and can do nothing else", async () => {
  const { secret } = await makeKey({ kind: "public", source: "web", scopes: ["people:read", "keys:admin"] });
  for (const one of endpoints.filter(({ name }) => !signed.has(name))) {
    const { status } = await call(one, secret);
    if (one.needs === "carts:own") assert.ok([200, 404].includes(status), one.name);
    else assert.equal(status, ["open", "events:append"].includes(one.needs) ? 200 : 403, one.name);
  }
  const time = new Date(systemClock.nowMs()).toISOString();
  const event = { id: "public-1", source: "till", type: "item.viewed", time, data: { sku: "x" } };
  assert.equal((await send(hub, [event], { key: secret })).body.applied, 1);
  const claims = { ...event, id: "public-2", identities: { national_id: "EC:0926687856" } };
  const { body } = await send(hub, [claims], { key: secret });
  assert.equal(body.applied, 1);
  const found = await ask(hub, "GET", "/v1/people?kind=national_id&value=EC:0926687856");
  assert.equal(assertProblem(found, "a public key vouches for nobody"), "person_unknown");
  const { sources } = await assertSound(hub);
  assert.ok(sources.some(({ source }) => source === "web"));
  assert.ok(
    !sources.some(({ source }) => source === "till"),
    "what an event says of its source counts for nothing",
  );
});

test("a public key may come in the address, as beacons send it; a secret one never", async () => {
  const web = await makeKey({ kind: "public", source: "beacon" });
  const secret = await makeKey({ scopes: ["events:append", "events:read"] });
  const body = { batch: [{ type: "track", event: "Seen", messageId: "beacon-1", anonymousId: "a" }] };
  const beacon = (key: string) => ask(hub, "POST", `/beacon/v1/batch?writeKey=${key}`, body, { key: null });
  assert.equal((await beacon(web.secret)).status, 200);
  assert.equal(assertProblem(await beacon(secret.secret), "secret"), "key_missing");
  const read = await ask(hub, "GET", `/v1/events/counters?writeKey=${secret.secret}`, undefined, {
    key: null,
  });
  assert.equal(assertProblem(read, "read"), "key_missing");
});

test("a key that was revoked or has expired opens nothing more", async () => {
  const { keyId, secret } = await makeKey({ scopes: ["events:read"] });
  const read = () => ask(hub, "GET", "/v1/events/counters", undefined, { key: secret });
  assert.equal((await read()).status, 200);
  assert.equal((await ask(hub, "POST", `/v1/keys/${keyId}/revoke`)).status, 200);
  assert.equal(assertProblem(await read(), "revoked"), "key_unknown");
  const past = new Date(systemClock.nowMs() - 1_000).toISOString();
  const wanted = { source: "test", kind: "secret", label: "Over", expiresAt: past };
  const over = await ask<{ secret: string }>(hub, "POST", "/v1/keys", wanted);
  const answer = await ask(hub, "GET", "/v1/events/counters", undefined, { key: over.body.secret });
  assert.equal(assertProblem(answer, "expired"), "key_unknown");
});

test("no key speaks as the hub itself", async () => {
  const wanted = { source: "trato", kind: "public", label: "Me" };
  const answer = await ask<{ errors: { pointer: string; detail: string }[] }>(
    hub,
    "POST",
    "/v1/keys",
    wanted,
  );
  assert.equal(assertProblem(answer, "trato"), "request_invalid");
  assert.deepEqual(
    answer.body.errors.map(({ pointer }) => pointer),
    ["/body/source"],
  );
});

test("nobody makes a key that can do more than their own, and no list or store shows a secret", async () => {
  const admin = await makeKey({ scopes: ["keys:admin", "events:read"] });
  const wanted = { source: "test", kind: "secret", label: "More", scopes: ["people:erase"] };
  const more = await ask(hub, "POST", "/v1/keys", wanted, { key: admin.secret });
  assert.equal(assertProblem(more, "more"), "request_invalid");
  const same = await ask<{ secret: string }>(
    hub,
    "POST",
    "/v1/keys",
    { ...wanted, scopes: undefined },
    { key: admin.secret, headers: { "idempotency-key": "make-a-key" } },
  );
  const erase = `/v1/people/019b76da-a800-7412-a472-2316aeb05c21/erase`;
  const answer = await ask(hub, "POST", erase, undefined, { key: same.body.secret });
  assert.equal(assertProblem(answer, "inherited"), "scope_missing");
  const listed = await ask(hub, "GET", "/v1/keys");
  for (const { secret } of [admin, same.body]) {
    assert.ok(!listed.text.includes(secret.slice(21)));
    const rows = await hub.database.query({
      name: "",
      text: "select 1 from platform_idempotency where response::text like '%' || $1 || '%'",
      values: [secret],
    });
    assert.deepEqual(rows, []);
  }
});

test("a key is known as Bearer or as the user of Basic, and by no half or altered form", async () => {
  const { secret } = await makeKey({ scopes: ["events:read"] });
  const read = (authorization: string) =>
    ask(hub, "GET", "/v1/events/counters", undefined, { key: null, headers: { authorization } });
  const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;
  assert.equal((await read(`Bearer ${secret}`)).status, 200);
  assert.equal((await read(`bearer ${secret}`)).status, 200);
  assert.equal((await read(basic(`${secret}:`))).status, 200);
  const wrong = [secret.slice(0, -1), `${secret}x`, secret.toUpperCase(), "", " ", "undefined", "null"];
  for (const one of wrong) assert.equal((await read(`Bearer ${one}`)).status, 401, one);
  for (const one of [basic(`:${secret}`), `Basic ${secret}`, `Digest ${secret}`, secret, "Basic !!!"]) {
    assert.equal((await read(one)).status, 401, one);
  }
});

test("a body larger than the hub takes is refused with 413, said or not said, and the hub lives", async () => {
  const large = Buffer.alloc(limits.bodyBytesMax + 1, "x");
  for (const path of ["/v1/events", "/v1/batch", "/v1/keys"]) {
    const answer = await ask(hub, "POST", path, large).catch(() => undefined);
    // A server that stops reading may cut the sender off before it has read the answer.
    if (answer !== undefined) assert.equal(assertProblem(answer, path), "body_too_large");
  }
  assert.equal((await ask(hub, "GET", "/healthz")).status, 200);
});
