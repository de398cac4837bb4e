import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import { limits, systemClock } from "@trato/base";
import { getHealth, makeDecision, postEvents, readDecision, revokeKeyEndpoint } from "@trato/contract";
import { createClient } from "./client.ts";
import { exitCodes, Failure } from "./failure.ts";

type Handle = (request: IncomingMessage, response: ServerResponse, count: number) => void;

/** A server that answers as it is told, and a client whose waits are written down and over at once. */
async function serve(t: TestContext, handle: Handle, key: string | undefined = "trk_1") {
  const requests: IncomingMessage[] = [];
  const waitedMs: number[] = [];
  const server = createServer((request, response) => {
    request.resume();
    requests.push(request);
    handle(request, response, requests.length);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  t.after(() => server.closeAllConnections());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const wait = async (ms: number) => void waitedMs.push(ms);
  return { client: createClient({ url, key, language: "en", clock: systemClock, wait }), requests, waitedMs };
}

const answer = (
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
) => {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
};
const problem = (status: number, code: string, more: object = {}) => ({
  status,
  code,
  title: `It is ${code}.`,
  ...more,
});

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const cause = await work.then(
    () => assert.fail("it should have failed"),
    (cause: unknown) => cause,
  );
  assert.ok(cause instanceof Failure, String(cause));
  return cause;
}

const decisionId = "0198c0de-0000-7000-8000-000000000001";

test("a call is sent again after 429 and 503, when the hub says so", async (t) => {
  const { client, requests, waitedMs } = await serve(t, (_, response, count) => {
    if (count === 1) return answer(response, 429, problem(429, "rate_exceeded"), { "retry-after": "2" });
    if (count === 2) return answer(response, 503, problem(503, "overloaded"), { "retry-after": "3000" });
    return answer(response, 200, { ok: true });
  });
  assert.deepEqual(await client.call(getHealth), { ok: true });
  assert.equal(requests.length, 3);
  assert.deepEqual(waitedMs, [2_000, limits.clientWaitMsMax]);
});

test("a hub that stays overloaded is not asked for ever", async (t) => {
  const { client, requests } = await serve(t, (_, response) =>
    answer(response, 503, problem(503, "overloaded")),
  );
  const failure = await failureOf(client.call(getHealth));
  assert.equal(failure.exitCode, exitCodes.refused);
  assert.match(failure.message, /overloaded/);
  assert.equal(requests.length, limits.clientTriesMax);
});

test("a command carries one Idempotency-Key through all its tries, and another command another", async (t) => {
  const { client, requests } = await serve(t, (_, response, count) => {
    if (count === 1) return answer(response, 409, problem(409, "idempotency_running"));
    return answer(response, 200, { revoked: true });
  });
  await client.call(revokeKeyEndpoint, { params: { keyId: "a/b" } });
  await client.call(revokeKeyEndpoint, { params: { keyId: "a/b" } });
  const keys = requests.map(({ headers }) => headers["idempotency-key"]);
  assert.equal(keys[0], keys[1]);
  assert.notEqual(keys[1], keys[2]);
  assert.equal(requests[0]?.url, "/v1/keys/a%2Fb/revoke");
});

test("events are sent again when the connection breaks, a decision is not", async (t) => {
  const { client, requests } = await serve(t, (request, response, count) => {
    if (count === 1 || request.url === "/v1/decisions") return request.socket.destroy();
    return answer(response, 200, { success: true });
  });
  await client.call(postEvents, { bodyText: '{"events":[]}' });
  assert.equal(requests.length, 2);
  const failure = await failureOf(client.call(makeDecision, { body: { placement: "web.home" } }));
  assert.equal(failure.exitCode, exitCodes.hubAway);
  assert.equal(requests.length, 3);
});

test("a refusal says what, why, and which field", async (t) => {
  const errors = [{ pointer: "/body/limit", detail: "give at most 20" }];
  const { client } = await serve(t, (_, response) =>
    answer(response, 400, problem(400, "request_invalid", { detail: "Two fields are wrong.", errors })),
  );
  const failure = await failureOf(client.call(readDecision, { params: { decisionId } }));
  assert.equal(failure.exitCode, exitCodes.refused);
  assert.equal(
    failure.message,
    "It is request_invalid. (request_invalid)\n  Two fields are wrong.\n  /body/limit: give at most 20",
  );
  assert.deepEqual(failure.document["errors"], errors);
});

test("who has no key is told where one would be found", async (t) => {
  const handle: Handle = (_, response) => answer(response, 401, problem(401, "key_missing"));
  const keyless = createClientWithoutKey(await serve(t, handle));
  assert.match(
    (await failureOf(keyless.call(readDecision, { params: { decisionId } }))).message,
    /TRATO_KEY/,
  );
  const { client } = await serve(t, handle);
  assert.doesNotMatch(
    (await failureOf(client.call(readDecision, { params: { decisionId } }))).message,
    /TRATO_KEY/,
  );
});

const createClientWithoutKey = ({ client }: { client: { url: string } }) =>
  createClient({ url: client.url, key: undefined, language: "en", clock: systemClock });

test("when nobody listens, the answer says how to start a hub", async () => {
  const free = createServer().listen(0, "127.0.0.1");
  await once(free, "listening");
  const url = `http://127.0.0.1:${(free.address() as AddressInfo).port}`;
  free.close();
  await once(free, "close");
  const away = createClient({ url, key: undefined, language: "en", clock: systemClock });
  const failure = await failureOf(away.call(getHealth));
  assert.equal(failure.exitCode, exitCodes.hubAway);
  assert.equal(failure.message, `No hub answers at ${url}: start one with \`trato start\`.`);
});

test("another kind of server is not taken for a hub", async (t) => {
  const { client } = await serve(t, (_, response) => void response.writeHead(404).end("<html>nginx</html>"));
  const failure = await failureOf(client.call(getHealth));
  assert.equal(failure.exitCode, exitCodes.hubAway);
  assert.match(failure.message, /no Trato hub/);
});
