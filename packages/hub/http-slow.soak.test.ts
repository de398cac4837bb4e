import assert from "node:assert/strict";
import { after, test } from "node:test";
import { ask } from "./testing/ask.ts";
import { testHub } from "./testing/hub.ts";
import { problemIn, speak } from "./testing/raw-socket.ts";

const hub = await testHub();
after(() => hub.stop());

test("connections that send their headers or bodies too slowly are closed, while others are served", async () => {
  const start = `POST /v1/events HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer ${hub.key}\r\n`;
  const slowHeaders = Array.from({ length: 200 }, () => speak(hub, start));
  const slowBodies = Array.from({ length: 200 }, () => speak(hub, `${start}Content-Length: 100\r\n\r\n{`));
  assert.equal((await ask(hub, "GET", "/v1/events/counters")).status, 200);
  for (const heard of await Promise.all([...slowHeaders, ...slowBodies])) {
    assert.deepEqual(problemIn(heard), { status: 408, code: "request_slow" });
  }
  assert.equal((await ask(hub, "GET", "/v1/events/counters")).status, 200);
});
