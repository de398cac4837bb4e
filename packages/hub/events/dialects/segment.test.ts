import assert from "node:assert/strict";
import { test } from "node:test";
import { isObject, type JsonObject } from "@trato/base";
import fc from "fast-check";
import { mappedNames, rudderSourceConfig, segment, segmentSettings, type WireEvent } from "./index.ts";
import { checked, nowMs, only, stamp } from "./testing/calls.ts";

test("who, when and where are read from the places each library puts them", () => {
  const wire = only(
    {
      ...stamp,
      userId: 42,
      anonymousId: "anon-1",
      event: "Coffee Tasted",
      properties: { store_id: "gye-1" },
      context: {
        library: { name: "analytics.js" },
        device: { id: "dev-1" },
        traits: { email: "ana@example.com", phone: "+593987654321" },
        sessionId: 1763800000000,
        ip: "190.1.1.1",
        userAgent: "Mozilla",
        locale: "es-EC",
        page: { url: "https://x.example/", path: "/" },
        campaign: { source: "mail" },
      },
    },
    "/v1/t",
  );
  assert.deepEqual(wire, {
    id: "m1",
    type: "custom.coffee_tasted",
    time: stamp.timestamp,
    sentAt: stamp.sentAt,
    channel: "web",
    store: "gye-1",
    session: "1763800000000",
    identities: {
      email: "ana@example.com",
      phone: "+593987654321",
      user: 42,
      device: "dev-1",
      anonymous: "anon-1",
    },
    data: {
      name: "Coffee Tasted",
      properties: { store_id: "gye-1" },
      context: {
        page: { url: "https://x.example/", path: "/" },
        campaign: { source: "mail" },
        locale: "es-EC",
      },
    },
  });
});

test("a library tells the channel", () => {
  const cases: readonly [context: JsonObject, channel: string | undefined][] = [
    [{ library: { name: "analytics.js" } }, "web"],
    [{ library: { name: "RudderLabs JavaScript SDK" } }, "web"],
    [{ library: { name: "analytics-ios" } }, "app"],
    [{ library: { name: "@segment/analytics-react-native" } }, "app"],
    [{ library: { name: "@segment/analytics-node" } }, "server"],
    [{ library: { name: "analytics-python" } }, "server"],
    [{ channel: "mobile" }, "app"],
    [{}, undefined],
  ];
  for (const [context, channel] of cases)
    assert.equal(only({ ...stamp, event: "x", context }, "t").channel, channel);
  assert.equal(only({ ...stamp, event: "x", channel: "sources" }, "t").channel, "server");
});

test("identify describes the person and names the identities", () => {
  const traits = {
    email: "ana@example.com", phone: "0987654321", first_name: "Ana", lastName: "Pérez", birthday: "1990-05-01T00:00:00Z",
    address: { city: "Guayaquil", country: "ec", street: "9 de Octubre" }, plan: "gold", gender: 7, householdSize: "x",
  }; // biome-ignore format: a list
  const wire = only({ ...stamp, userId: "u1", traits, context: { locale: "es-EC" } }, "/v1/identify");
  assert.equal(wire.type, "person.described");
  assert.deepEqual(wire.identities, { email: "ana@example.com", phone: "0987654321", user: "u1" });
  assert.deepEqual(wire.data, {
    name: "Ana Pérez",
    firstName: "Ana",
    lastName: "Pérez",
    language: "es-EC",
    country: "EC",
    city: "Guayaquil",
    address: "9 de Octubre",
    birthday: "1990-05-01",
    gender: "7",
    plan: "gold",
    more: { householdSize: "x" },
  });
  assert.ok(checked(wire).ok);
});

test("alias links both ids, as a person or as a visitor", () => {
  const visitor = "0b9d7c1e-0000-4000-8000-411111111111";
  const linked = (previousId: string) => only({ ...stamp, userId: "u1", previousId }, "a");
  assert.deepEqual(linked("old-user").identities, { user: ["u1", "old-user"] });
  assert.deepEqual(linked(visitor).identities, { user: "u1", anonymous: visitor });
  assert.equal(linked(visitor).type, "identity.linked");
});

test("page, screen and group have their types", () => {
  const page = only(
    { ...stamp, name: "Inicio", properties: { url: "https://x.example/?a", path: "/", title: "T", x: 1 } },
    "p",
  );
  assert.equal(page.type, "page.viewed");
  assert.deepEqual(page.data, {
    url: "https://x.example/?a",
    path: "/",
    title: "T",
    name: "Inicio",
    more: { x: 1 },
  });
  assert.deepEqual(only({ ...stamp, context: { page: { path: "/a" } } }, "page").data["path"], "/a");
  assert.deepEqual(only({ ...stamp, name: "Inicio" }, "s"), {
    ...only({ ...stamp, name: "Inicio" }, "screen"),
    type: "screen.viewed",
  });
  assert.equal(only({ ...stamp }, "s").type, "custom.screen");
  const group = only(
    { ...stamp, groupId: "g1", traits: { name: "Casa", email: "casa@example.com" }, userId: "u" },
    "g",
  );
  assert.deepEqual(
    [group.type, group.data["groupId"], group.identities],
    ["person.grouped", "g1", { user: "u" }],
  );
});

test("a batch gives one event for each call, in their order, with what it said around them", () => {
  const { events } = segment(
    {
      sentAt: stamp.sentAt,
      context: { library: { name: "analytics-go" }, locale: "es" },
      integrations: {},
      batch: [
        { type: "track", messageId: "1", event: "Signed In", context: { locale: "en" } },
        7,
        { type: "identify", messageId: "2", traits: {} },
        { messageId: "3", event: "Signed Out" },
        { type: "constructor", messageId: "4" },
      ],
    },
    "/v1/batch",
    nowMs,
  );
  const wires = events as WireEvent[];
  assert.deepEqual(
    wires.map((one) => (isObject(one) ? one.type : one)),
    ["account.signed_in", 7, "person.described", "account.signed_out", "custom.constructor"],
  );
  assert.deepEqual(wires[0]?.data, { context: { locale: "en" } });
  assert.ok(
    wires.filter(isObject).every((one) => one["sentAt"] === stamp.sentAt && one["channel"] === "server"),
  );
  assert.deepEqual(segment([], "batch", nowMs).events, [[]]);
  assert.deepEqual(segment({ batch: "x" }, "beacon/v1/batch?writeKey=k", nowMs).events, []);
});

test("time comes from the sender if it says one, and is ours if it does not", () => {
  const cases: readonly [said: JsonObject, time: unknown, corrected: boolean][] = [
    [
      { timestamp: "2026-11-22T14:00:00Z", originalTimestamp: "2026-11-22T13:00:00Z" },
      "2026-11-22T14:00:00Z",
      true,
    ],
    [{ originalTimestamp: "2026-11-22T13:00:00Z" }, "2026-11-22T13:00:00Z", true],
    [{ timestamp: 1_795_356_000 }, "2026-11-22T14:00:00.000Z", true],
    [{ timestamp: 1_795_356_000_000 }, "2026-11-22T14:00:00.000Z", true],
    [{ timestamp: "yesterday" }, "yesterday", true],
    [{}, "2026-11-22T15:00:00.000Z", false],
  ];
  for (const [said, time] of cases)
    assert.equal(only({ messageId: "m", event: "x", ...said }, "t").time, time);
  const late = only({ messageId: "m", event: "x", sentAt: "2026-11-22T09:00:00Z" }, "t");
  const kept = checked(late);
  assert.equal(kept.ok && kept.event.timeMs, nowMs);
});

test("without a messageId, the same call again has the same id, and another call another", () => {
  const call = { event: "x", timestamp: stamp.timestamp, userId: "u1" };
  const id = only(call, "t").id;
  assert.equal(only({ ...call, sentAt: stamp.sentAt }, "t").id, id);
  assert.notEqual(only({ ...call, userId: "u2" }, "t").id, id);
  const timeless = segment(
    {
      batch: [
        { type: "track", event: "x" },
        { type: "track", event: "x" },
      ],
    },
    "b",
    nowMs,
  ).events as WireEvent[];
  assert.notEqual(timeless[0]?.id, timeless[1]?.id);
});

test("RudderStack's header names the visitor of an event that names nobody", () => {
  const anonymousIdHeader = Buffer.from("visitor-1").toString("base64");
  assert.deepEqual(only({ ...stamp, event: "x" }, "track", { anonymousIdHeader }).identities, {
    anonymous: "visitor-1",
  });
  assert.deepEqual(
    only({ ...stamp, event: "x", anonymousId: "a" }, "track", { anonymousIdHeader }).identities,
    { anonymous: "a" },
  );
  assert.deepEqual(only({ ...stamp, event: "x" }, "track", { anonymousIdHeader: "\n" }).identities, {});
});

test("whatever a call says, something comes of it", () => {
  const call = fc.record(
    {
      type: fc.oneof(fc.constantFrom("track", "page", "screen", "group", "alias", "identify"), fc.string()),
      event: fc.oneof(fc.constantFrom(...mappedNames), fc.string(), fc.jsonValue()),
      properties: fc.oneof(
        fc.jsonValue(),
        fc.dictionary(
          fc.constantFrom("sku", "price", "products", "order_id", "total", "currency", "quantity"),
          fc.jsonValue(),
        ),
      ),
      traits: fc.jsonValue(),
      context: fc.oneof(
        fc.jsonValue(),
        fc.dictionary(fc.constantFrom("traits", "page", "library", "device", "campaign"), fc.jsonValue()),
      ),
      timestamp: fc.jsonValue(),
      messageId: fc.jsonValue(),
      userId: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(call, (one) => {
      const wire = segment({ batch: [JSON.parse(JSON.stringify(one))] }, "batch", nowMs).events[0];
      const result = checked(wire);
      // A mapping never makes data that its own type refuses.
      if (!result.ok)
        assert.ok(
          ["time_invalid", "time_too_old", "time_in_future", "identities_invalid", "id_invalid"].includes(
            result.reason,
          ),
          `${result.reason} ${result.detail}`,
        );
    }),
    { numRuns: 3_000 },
  );
});

test("a channel may have any name, that of a property of every object too", () => {
  for (const channel of ["__proto__", "constructor", "Kiosk"]) {
    const call = { type: "track", event: "Seen", userId: "u-1", messageId: "m-1", channel };
    const result = checked(segment({ batch: [call] }, "batch", nowMs).events[0]);
    assert.equal(result.ok && result.event.channel, channel.toLowerCase());
  }
});

test("browser libraries are told enough to start, and to keep their measurements to themselves", () => {
  const segmentAnswer = segmentSettings("wk", "trato.example/v1");
  assert.deepEqual((segmentAnswer["integrations"] as JsonObject)["Segment.io"], {
    apiKey: "wk",
    apiHost: "trato.example/v1",
    unbundledIntegrations: [],
    addBundledMetadata: true,
    maybeBundledConfigIds: {},
    versionSettings: { version: "4.4.7", componentTypes: ["browser"] },
  });
  assert.deepEqual(segmentAnswer["metrics"], { sampleRate: 0 });
  const rudderAnswer = rudderSourceConfig("wk", nowMs)["source"] as JsonObject;
  assert.equal(rudderAnswer["writeKey"], "wk");
  assert.deepEqual(rudderAnswer["config"], {
    statsCollection: { errors: { enabled: false }, metrics: { enabled: false } },
  });
});
