import assert from "node:assert/strict";
import { after, test } from "node:test";
import { limits, systemClock } from "@trato/base";
import { ask, type Taken } from "./testing/ask.ts";
import { assertProblem } from "./testing/endpoints.ts";
import { testHub } from "./testing/hub.ts";
import { problemIn, speak } from "./testing/raw-socket.ts";
import { assertSound } from "./testing/sound.ts";

const hub = await testHub();
after(() => hub.stop());

const time = new Date(systemClock.nowMs() - 60_000).toISOString();
const eventsBody = (id: string) =>
  JSON.stringify({ events: [{ id, type: "item.viewed", time, data: { sku: "x" } }] });

test("a batch is taken whatever its Content-Type says, or when it says nothing", async () => {
  const types = [
    "application/json",
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "application/octet-stream",
    "garbage",
    "a/b/c; charset",
    'application/json; charset="',
    "*/*",
    ";",
  ];
  for (const [i, type] of types.entries()) {
    const answer = await ask<Taken>(hub, "POST", "/v1/events", eventsBody(`type-${i}`), {
      headers: { "content-type": type },
    });
    assert.equal(answer.body?.applied, 1, `${type}: ${answer.text}`);
  }
  const body = eventsBody("no-type");
  const bare = `POST /v1/events HTTP/1.1\r\nHost: hub\r\nConnection: close\r\nAuthorization: Bearer ${hub.key}\r\n`;
  assert.match(await speak(hub, `${bare}Content-Length: ${body.length}\r\n\r\n${body}`), /"applied":1/);
  const chunked = eventsBody("chunked");
  const chunks = `${chunked.length.toString(16)}\r\n${chunked}\r\n0\r\n\r\n`;
  assert.match(await speak(hub, `${bare}Transfer-Encoding: chunked\r\n\r\n${chunks}`), /"applied":1/);
  await assertSound(hub);
});

test("what is no HTTP, or has headers larger than the hub takes, is answered with a problem and the hub lives", async () => {
  const header = "x".repeat(limits.headersBytesMax + 1);
  assert.deepEqual(problemIn(await speak(hub, "This is no HTTP\r\n\r\n")), {
    status: 400,
    code: "request_unreadable",
  });
  assert.deepEqual(
    problemIn(await speak(hub, `GET /healthz HTTP/1.1\r\nHost: hub\r\nX-Large: ${header}\r\n\r\n`)),
    {
      status: 431,
      code: "headers_too_large",
    },
  );
  const many = Array.from({ length: 5_000 }, (_, i) => `h${i}: v`).join("\r\n");
  assert.equal(
    problemIn(await speak(hub, `GET /healthz HTTP/1.1\r\nHost: hub\r\n${many}\r\n\r\n`)).status,
    431,
  );
  const both = "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
  assert.equal(problemIn(await speak(hub, `POST /v1/events HTTP/1.1\r\nHost: hub\r\n${both}`)).status, 400);
  assert.equal((await ask(hub, "GET", "/healthz")).status, 200);
});

test("an address that is no text, too long, or that nobody serves is answered with a problem", async () => {
  const long = "x".repeat(1_000);
  for (const path of [
    "/v1/people/%ff",
    "/v1/people/%zz",
    `/v1/items/${long}`,
    "/nothing",
    "//",
    `/${long}`,
  ]) {
    assert.equal(assertProblem(await ask(hub, "GET", path), path), "route_unknown", path);
  }
  for (const method of ["PATCH", "DELETE", "PUT"] as const) {
    assert.equal(assertProblem(await ask(hub, method, "/v1/events"), method), "route_unknown");
  }
});

test("a page of another origin may send with its public key, and hears when to try again", async () => {
  const headers = { origin: "https://shop.example", "access-control-request-method": "POST" };
  const asked = await ask(hub, "OPTIONS", "/v1/batch", undefined, { key: null, headers });
  assert.equal(asked.status, 204);
  assert.equal(asked.headers.get("access-control-allow-origin"), "*");
  assert.match(asked.headers.get("access-control-allow-headers") ?? "", /authorization.*content-type/);
  const refused = await ask(hub, "POST", "/v1/batch", "{}", {
    key: null,
    headers: { origin: "https://shop.example" },
  });
  assert.equal(refused.status, 401);
  assert.equal(refused.headers.get("access-control-allow-origin"), "*", "the page may read why");
  assert.equal(refused.headers.get("access-control-allow-credentials"), null);
});

test("the title of a problem is in the language that was asked for", async () => {
  const titleIn = async (language: string) => {
    const { body } = await ask<{ title: string }>(hub, "GET", "/nothing", undefined, {
      headers: { "accept-language": language },
    });
    return body.title;
  };
  assert.equal(await titleIn("es-EC,es;q=0.9"), "No hay nada en esta dirección.");
  assert.equal(await titleIn("en-GB"), "There is nothing at this address.");
  assert.equal(await titleIn("qu"), "There is nothing at this address.");
});

test("so is what it says in detail, of a field and of a row in a batch", async () => {
  type Said = {
    detail?: string;
    errors?: { detail: string }[];
    results?: { errors: { detail: string }[] }[];
  };
  const inSpanish = async (method: "POST" | "PUT", path: string, body: unknown): Promise<Said> =>
    (await ask<Said>(hub, method, path, body, { headers: { "accept-language": "es" } })).body;
  const hold = { holdId: "h", owner: "o", channel: "fax", lines: [{ sku: "x", quantity: 0 }] };
  const ofField = await inSpanish("POST", "/v1/holds", hold);
  assert.equal(ofField.errors?.[0]?.detail, "use 1 o más");
  const nowhere = await inSpanish("POST", "/v1/holds", { ...hold, lines: [{ sku: "x", quantity: 1 }] });
  assert.match(nowhere.errors?.[0]?.detail ?? "", /^ningún lugar atiende "fax"/);
  const row = { placeId: "nada", sku: "x", onHand: 1 };
  const ofRow = await inSpanish("PUT", "/v1/stock", { levels: [row] });
  assert.match(ofRow.results?.[0]?.errors[0]?.detail ?? "", /^no hay lugar "nada"/);
  const where = { kind: "store", name: "A", country: "EC", timezone: "America/Guayaquil", channels: ["web"] };
  await ask(hub, "PUT", "/v1/places", { places: [{ ...where, placeId: "A" }] });
  const price = { sku: "x", currency: "USD", priceMinor: 1, placeId: "nada" };
  const ofPrice = await inSpanish("PUT", "/v1/prices", { prices: [price] });
  assert.match(ofPrice.results?.[0]?.errors[0]?.detail ?? "", /^no hay lugar "nada"/);
});

test("a parameter that does not exist is refused by its name, not passed over", async () => {
  const { status, body } = await ask<{ errors: { pointer: string }[] }>(
    hub,
    "GET",
    "/v1/stream?topic=stock.changed&places=quito",
  );
  assert.deepEqual([status, body.errors[0]?.pointer], [400, "/query/places"]);
});
