import assert from "node:assert/strict";
import { test } from "node:test";
import { limits } from "@trato/base";
import { catalogue, type Identity, quarantineReasons } from "@trato/contract";
import fc from "fast-check";
import { type CheckContext, checkEvent } from "./check-event.ts";
import { normalizeIdentity } from "./identities.ts";

const receivedAtMs = Date.UTC(2026, 10, 22, 15, 0, 0);
const context: CheckContext = { source: "till-7", receivedAtMs, defaultCountry: "EC", trusted: true };
const view = { id: "e1", type: "item.viewed", time: "2026-11-22T09:59:58.250-05:00", data: { sku: "cafe" } };

/** "kept", or the reason and the pointer. */
function fateOf(raw: unknown, over: Partial<CheckContext> = {}): string {
  const checked = checkEvent(raw, { ...context, ...over });
  return checked.ok ? "kept" : `${checked.reason} ${checked.pointer ?? ""}`;
}

test("a good event is kept in one shape", () => {
  const checked = checkEvent(
    { ...view, channel: " WEB ", store: 12, session: "", identities: { email: " Ana@Example.COM" } },
    context,
  );
  assert.deepEqual(checked, {
    ok: true,
    event: {
      id: "e1",
      source: "till-7",
      type: "item.viewed",
      timeMs: Date.UTC(2026, 10, 22, 14, 59, 58, 250),
      receivedAtMs,
      channel: "web",
      store: "12",
      session: null,
      identities: [{ kind: "email", value: "ana@example.com" }],
      data: { sku: "cafe" },
    },
    notes: [],
  });
});

test("every example of the catalogue is kept, if others than the hub may say it", () => {
  for (const { type, example, saidBy } of catalogue.values())
    assert.equal(
      fateOf({ ...view, type, data: example }),
      saidBy === "hub" ? "type_not_allowed /type" : "kept",
      type,
    );
});

test("each wrong event is set aside with its reason and place", () => {
  const cases: readonly [name: string, raw: unknown, fate: string][] = [
    ["a text", "x", "event_not_object "],
    ["a list", [], "event_not_object "],
    ["null", null, "event_not_object "],
    ["no id", { ...view, id: null }, "id_missing /id"],
    ["an empty id", { ...view, id: "" }, "id_invalid /id"],
    ["a long id", { ...view, id: "x".repeat(201) }, "id_invalid /id"],
    ["a blanked card for an id", { ...view, id: "[card ****1111]" }, "id_invalid /id"],
    ["a number for an id", { ...view, id: 42 }, "kept"],
    ["no type", { ...view, type: undefined }, "type_missing /type"],
    ["a type in words", { ...view, type: "Item Viewed" }, "type_invalid /type"],
    ["a type of an object's own", { ...view, type: "__proto__" }, "type_invalid /type"],
    ["a long type", { ...view, type: "a".repeat(101) }, "type_invalid /type"],
    ["a type of one's own", { ...view, type: "coffee.tasted", data: { any: [1] } }, "kept"],
    ["a name every object has", { ...view, type: "constructor" }, "kept"],
    ["no time", { ...view, time: undefined }, "time_missing /time"],
    ["a time without offset", { ...view, time: "2026-11-22T10:00:00" }, "time_invalid /time"],
    ["infinity", { ...view, time: "infinity" }, "time_invalid /time"],
    ["year 10000", { ...view, time: "10000-01-01T00:00:00Z" }, "time_invalid /time"],
    ["a number for a time", { ...view, time: 1_763_800_000_000 }, "time_invalid /time"],
    ["a minute ahead", { ...view, time: "2026-11-22T15:01:00Z" }, "kept"],
    ["an hour ahead", { ...view, time: "2026-11-22T16:00:00Z" }, "time_in_future /time"],
    ["before there were shops", { ...view, time: "1970-01-01T00:00:00Z" }, "time_too_old /time"],
    ["a channel that is a list", { ...view, channel: [] }, "field_invalid /channel"],
    ["a long session", { ...view, session: "x".repeat(201) }, "field_invalid /session"],
    ["identities in a list", { ...view, identities: ["ana@example.com"] }, "identities_invalid /identities"],
    ["only a bad identity", { ...view, identities: { email: "ana" } }, "identities_invalid /identities"],
    [
      "an identity of an unknown kind",
      { ...view, identities: { facebook: "x" } },
      "identities_invalid /identities",
    ],
    ["a bad identity beside a good one", { ...view, identities: { email: "ana", user: "u1" } }, "kept"],
    ["data in a list", { ...view, data: [] }, "data_invalid /data"],
    ["no data where some is needed", { ...view, data: undefined }, "data_invalid /data/sku"],
    ["data of the wrong kind", { ...view, data: { sku: 7 } }, "data_invalid /data/sku"],
    [
      "money as a fraction",
      { ...view, data: { sku: "a", priceMinor: 1.5 } },
      "data_invalid /data/priceMinor",
    ],
    [
      "a wrong line",
      {
        ...view,
        type: "cart.updated",
        data: {
          lines: [
            { sku: "a", quantity: 1 },
            { sku: "a", quantity: 0 },
          ],
        },
      },
      "data_invalid /data/lines/1/quantity",
    ],
  ];
  for (const [name, raw, fate] of cases) assert.equal(fateOf(raw), fate, name);
});

test("when several reasons apply, the first of the list is given", () => {
  const wrongs = [{ id: "" }, { type: "?" }, { time: "?" }, { channel: {} }, { identities: 1 }, { data: 1 }];
  const order = Object.keys(quarantineReasons);
  let before = -1;
  for (let i = 0; i < wrongs.length; i++) {
    const at = order.indexOf(fateOf(Object.assign({ ...view }, ...wrongs.slice(i))).split(" ")[0]!);
    assert.ok(at > before);
    before = at;
  }
});

test("a sender's clock is set right by what it said when it sent", () => {
  const said = "2026-11-22T15:00:00Z";
  const cases: readonly [sentAt: string | undefined, correctedMs: number][] = [
    [undefined, 0],
    ["2026-11-22T15:00:00.900Z", 0],
    ["2026-11-22T15:00:30Z", -30_000],
    ["2026-11-24T15:00:00Z", -2 * 86_400_000],
    ["2023-11-22T15:00:00Z", 1_096 * 86_400_000],
    ["nonsense", 0],
  ];
  for (const [sentAt, correctedMs] of cases) {
    const checked = checkEvent({ ...view, time: said, sentAt }, context);
    const expected = receivedAtMs + correctedMs;
    if (expected > receivedAtMs + limits.futureMsMax)
      assert.ok(!checked.ok && checked.reason === "time_in_future");
    else assert.equal(checked.ok && checked.event.timeMs, expected, sentAt);
  }
  const ahead = { ...view, time: "2026-11-24T14:59:00Z" };
  const checked = checkEvent(ahead, { ...context, sentAtMs: receivedAtMs + 2 * 86_400_000 });
  assert.equal(checked.ok && checked.event.timeMs, receivedAtMs - 60_000);
});

test("a public key says what people do, not what moved in the books, and vouches for no national id", () => {
  for (const type of [
    "moment.found",
    "credit.approved",
    "loyalty.earned",
    "payment.captured",
    "giftcard.issued",
  ]) {
    assert.equal(
      fateOf({ ...view, type, data: catalogue.get(type)?.example }, { trusted: false }),
      "type_not_allowed /type",
    );
  }
  assert.equal(
    fateOf(
      { ...view, type: "order.placed", data: catalogue.get("order.placed")?.example },
      { trusted: false },
    ),
    "kept",
  );
  const claim = { ...view, identities: { national_id: "EC:0926687856", user: "u1" } };
  const checked = checkEvent(claim, { ...context, trusted: false });
  assert.deepEqual(checked.ok && checked.event.identities, [{ kind: "user", value: "u1" }]);
  assert.deepEqual(checked.ok && checked.notes, [
    { code: "identity_dropped", pointer: "/identities/national_id" },
  ]);
});

test("a field that nobody reads is named", () => {
  const checked = checkEvent({ ...view, identites: {} }, context);
  assert.deepEqual(checked.ok && checked.notes, [{ code: "field_unknown", pointer: "/identites" }]);
});

test("identities are written in one way", () => {
  const cases: readonly [kind: Identity["kind"], given: unknown, value: string | undefined][] = [
    ["email", " Ana.Pérez@EXAMPLE.com ", "ana.pérez@example.com"],
    ["email", "jose\u0301@example.com", "josé@example.com"],
    ["email", "ana@example.com\u200b", "ana@example.com"],
    ["email", "ana@@example.com", undefined],
    ["email", "Ana <ana@example.com>", undefined],
    ["email", "ana@localhost", undefined],
    ["email", "@example.com", undefined],
    ["email", `${"a".repeat(320)}@example.com`, undefined],
    ["phone", "0987654321", "+593987654321"],
    ["phone", "+593 98 765-4321", "+593987654321"],
    ["phone", 593987654321, "+593987654321"],
    ["phone", "+525512345678", "+525512345678"],
    ["phone", "+15555550100", undefined],
    ["phone", "call me", undefined],
    ["phone", "0987654321 ext 5", undefined],
    ["national_id", "ec:092.668.785-6", "EC:0926687856"],
    ["national_id", "0926687856", "EC:0926687856"],
    ["national_id", "MX:PEGA850101HDFRRN09", "MX:PEGA850101HDFRRN09"],
    ["national_id", "CL: 12.345.678-k", "CL:12345678K"],
    ["national_id", "ecuador:1", undefined],
    ["loyalty", 90017, "90017"],
    ["loyalty", 1.5, undefined],
    ["user", " U-1 ", "U-1"],
    ["user", "[card ****1111]", undefined],
    ["device", { a: 1 }, undefined],
    ["anonymous", "", undefined],
  ];
  for (const [kind, given, value] of cases)
    assert.equal(normalizeIdentity(kind, given, "EC"), value, `${kind} ${given}`);
  assert.equal(normalizeIdentity("phone", "0987654321"), undefined);
});

test("a stand-in value is nobody: it neither points to a person nor spoils the event", () => {
  const placeholders: readonly [kind: string, value: string][] = [
    ["user", "null"], ["user", "undefined"], ["user", "0"], ["anonymous", "Anonymous"], ["user", "[object Object]"],
    ["device", "00000000-0000-0000-0000-000000000000"], ["email", "test@test.com"], ["email", "sincorreo@tienda.example"],
    ["phone", "0999999999"], ["national_id", "EC:9999999999999"], ["national_id", "CO:222222222222"],
    ["national_id", "MX:XAXX010101000"], ["loyalty", "000000"],
  ]; // biome-ignore format: a table
  for (const [kind, value] of placeholders) {
    const checked = checkEvent({ ...view, identities: { [kind]: value } }, context);
    assert.deepEqual(checked.ok && checked.event.identities, [], value);
    assert.equal(checked.ok && checked.notes[0]?.code, "identity_dropped", value);
  }
  for (const user of ["1", "null-island", "testa", "00a", "7"]) {
    const checked = checkEvent({ ...view, identities: { user } }, context);
    assert.deepEqual(checked.ok && checked.event.identities, [{ kind: "user", value: user }]);
  }
});

test("identities are sorted by strength and value, each once, and no more than the limit", () => {
  const identities = {
    anonymous: "z",
    user: ["b", "a", "b "],
    email: "ana@example.com",
    loyalty: null,
    national_id: "EC:0926687856",
  };
  const checked = checkEvent({ ...view, identities }, context);
  const texts = checked.ok && checked.event.identities.map(({ kind, value }) => `${kind} ${value}`);
  assert.deepEqual(texts, [
    "national_id EC:0926687856",
    "email ana@example.com",
    "user a",
    "user b",
    "anonymous z",
  ]);
  const many = { user: Array.from({ length: 1_000 }, (_, i) => `u${i}`), device: ["d1", "d2"] };
  const bounded = checkEvent({ ...view, identities: many }, context);
  assert.equal(bounded.ok && bounded.event.identities.length, limits.identitiesPerEventMax);
});

test("whatever is sent, there is an answer", () => {
  const field = fc.oneof(fc.anything(), fc.constantFrom(...Object.values(view), "2026-11-22T15:00:00Z"));
  const raw = fc.record(
    {
      id: field,
      type: field,
      time: field,
      channel: field,
      store: field,
      identities: fc.oneof(field, fc.dictionary(fc.constantFrom("email", "phone", "user"), field)),
      data: field,
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(raw, (event) => {
      const checked = checkEvent(event, context);
      if (checked.ok) assert.ok(Number.isSafeInteger(checked.event.timeMs));
      else assert.ok(Object.hasOwn(quarantineReasons, checked.reason));
    }),
    { numRuns: 3_000 },
  );
});
