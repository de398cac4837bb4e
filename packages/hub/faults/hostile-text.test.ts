import assert from "node:assert/strict";
import { after, test } from "node:test";
import { systemClock } from "@trato/base";
import { type Answer, ask, type Taken } from "../testing/ask.ts";
import { testHub } from "../testing/hub.ts";
import { assertSound } from "../testing/sound.ts";

const hub = await testHub();
after(() => hub.stop());

const time = new Date(systemClock.nowMs() - 60_000).toISOString();
const post = (path: string, text: string | Buffer): Promise<Answer<Taken>> =>
  ask<Taken>(hub, "POST", path, text);
const postEvents = (...events: string[]) => post("/v1/events", `{"events":[${events.join(",")}]}`);

type Person = { personId: string; slices: Record<string, unknown> };
type Kept = { id: string; type: string; data: Record<string, unknown> };

async function eventsOf(kind: string, value: string): Promise<Kept[]> {
  const query = new URLSearchParams({ kind, value });
  const person = await ask<Person>(hub, "GET", `/v1/people?${query}`);
  assert.equal(person.status, 200, person.text);
  const { body } = await ask<{ items: Kept[] }>(
    hub,
    "GET",
    `/v1/people/${person.body.personId}/events?limit=1000`,
  );
  return body.items;
}

const names = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "valueOf",
  "hasOwnProperty",
  "__defineGetter__",
  "length",
];
const poison = `{"polluted":true,"prototype":{"polluted":true},"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}`;

const assertClean = () => {
  assert.equal(({} as { polluted?: unknown }).polluted, undefined);
  assert.equal(([] as { polluted?: unknown }).polluted, undefined);
  assert.equal(String({}), "[object Object]");
};

test("names that mean something to JavaScript are only names: as fields, traits, properties, parameters and skus", async () => {
  for (const [i, name] of names.entries()) {
    const field = `"${name}":${poison}`;
    const identities = `"identities":{"user":"poison","${name}":"x"}`;
    const head = `"id":"p-${i}","type":"custom.thing","time":"${time}"`;
    const { body } = await postEvents(
      `{${head},${identities},${field},"data":{${field},"list":[{${field}}]}}`,
      `{"id":"t-${i}","type":"person.described","time":"${time}","identities":{"user":"poison"},"data":{"traits":{${field},"name":"Ana"},${field}}}`,
    );
    assert.equal(body.applied, 2, name);
    const call = (type: string, more: string) =>
      `{"type":"${type}","messageId":"${type}-${i}","userId":"poison","timestamp":"${time}",${field},"context":{${field},"traits":{${field}}},${more}}`;
    const batch = [
      call("identify", `"traits":{${field}}`),
      call("track", `"event":"${name}","properties":{${field}}`),
      call("track", `"event":"Product Added","properties":{"sku":"${name}",${field}}`).replace(
        "track-",
        "added-",
      ),
      call("group", `"groupId":"${name}","traits":{${field}}`),
      call("page", `"name":"${name}","properties":{${field}}`),
    ];
    const taken = await post(
      `/v1/batch?${name}=1&${name}[polluted]=1`,
      `{${field},"batch":[${batch.join(",")}]}`,
    );
    assert.deepEqual([taken.status, taken.body.applied], [200, 5], `${name}: ${taken.text}`);
    const lines = `[{"sku":"${name}","quantity":2,"amountMinor":100},{"sku":"rice","quantity":1,"amountMinor":100}]`;
    const shopping = await postEvents(
      `{"id":"o-${i}","type":"order.placed","time":"${time}","identities":{"user":"poison"},"data":{"orderId":"${name}","currency":"USD","totalMinor":200,"lines":${lines}}}`,
      `{"id":"c-${i}","type":"cart.updated","time":"${time}","identities":{"user":"poison"},"data":{"lines":${lines}}}`,
      `{"id":"v-${i}","type":"item.viewed","time":"${time}","identities":{"user":"poison"},"data":{"sku":"${name}"}}`,
      `{"id":"y-${i}","type":"consent.given","time":"${time}","identities":{"user":"poison"},"data":{"purpose":"${name}","channel":"${name}"}}`,
    );
    assert.equal(shopping.body.accepted, 4);
    const item = {
      sku: name,
      title: { es: name, en: name },
      category: name,
      priceMinor: 100,
      currency: "USD",
    };
    await ask(hub, "PUT", "/v1/items", {
      items: [{ ...item, kind: "product", inStock: true, sellable: true }],
    });
    const context = { sku: name, cart: [{ sku: name, quantity: 1 }] };
    const decided = await ask(hub, "POST", "/v1/decisions", {
      placement: "web.home",
      identities: { user: "poison" },
      context,
    });
    assert.equal(decided.status, 200, decided.text);
    assertClean();
  }
  const stored = JSON.stringify(await eventsOf("user", "poison"));
  assert.ok(!/"(__proto__|constructor|prototype)":/.test(stored), "dangerous names are not kept");
  assert.ok(stored.includes('"toString":'), "harmless ones are");
  await assertSound(hub);
  assertClean();
});

test("what no database or log can hold is taken out of texts, and everything else is kept as it came", async () => {
  const texts: [sent: string, kept: string][] = [
    ["a\\u0000b", "ab"],
    ["\\u0000", ""],
    ["half \\ud83d pair", "half \ufffd pair"],
    ["\\udc00\\ud800", "\ufffd\ufffd"],
    ["bell\\u0007 escape\\u001b[31m", "bell escape[31m"],
    ["tab\\tline\\nreturn\\r", "tab\tline\nreturn\r"],
    ["\\ufefftext", "\ufefftext"],
    ["\\u202eright to left", "\u202eright to left"],
    ["\\ud83e\\uddc0 and 🧀", "🧀 and 🧀"],
    ["e\\u0301 \u00e9 ñandú Łódź 中文 العربية", "e\u0301 \u00e9 ñandú Łódź 中文 العربية"],
    ['quote\\" back\\\\slash \\/', 'quote" back\\slash /'],
    ["\\\\u0000 written out", "\\u0000 written out"],
    ["<script>alert(1)</script>", "<script>alert(1)</script>"],
    ["=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"],
    ["'; drop table events_log; --", "'; drop table events_log; --"],
  ];
  const events = texts.map(
    ([sent], i) =>
      `{"id":"text-${i}","type":"custom.said","time":"${time}","identities":{"user":"texts"},"data":{"${sent}":1,"text":"${sent}","deep":[{"text":"${sent}"}]}}`,
  );
  const { body } = await postEvents(...events);
  assert.equal(body.applied, texts.length);
  const kept = new Map((await eventsOf("user", "texts")).map((event) => [event.id, event.data]));
  for (const [i, [sent, text]] of texts.entries()) {
    assert.deepEqual(kept.get(`text-${i}`), { [text]: 1, text, deep: [{ text }] }, sent);
  }
});

test("of two fields with one name the last counts, in our words and in the others'", async () => {
  const twice = [
    `{"id":"twice-1","id":"twice-2","type":"item.viewed","type":"custom.twice","time":"${time}",`,
    `"identities":{"user":"a"},"identities":{"user":"twice"},"data":{"sku":"x"},"data":{"n":1,"n":2}}`,
  ].join("");
  assert.equal((await postEvents(twice)).body.applied, 1);
  const kept = await eventsOf("user", "twice");
  assert.deepEqual(
    kept.map(({ id, type, data }) => ({ id, type, data })),
    [{ id: "twice-2", type: "custom.twice", data: { n: 2 } }],
  );
  const lists = `{"events":[{"id":"x"}],"events":[{"id":"last","type":"custom.twice","time":"${time}"}]}`;
  assert.deepEqual((await post("/v1/events", lists)).body.applied, 1);
});

test("a byte order mark is read over; bytes that are no UTF-8 are put aside whole, with what they were", async () => {
  const event = `{"events":[{"id":"bom","type":"item.viewed","time":"${time}","data":{"sku":"x"}}]}`;
  assert.equal((await post("/v1/events", `\ufeff${event}`)).body.applied, 1);
  const broken = Buffer.from(event.replace("bom", "b\u0001m"), "latin1");
  broken[broken.indexOf(1)] = 0xff;
  const answer = await post("/v1/events", broken);
  assert.deepEqual([answer.status, answer.body.applied, answer.body.quarantined], [200, 0, 1]);
  const utf16 = await post("/v1/events", Buffer.from(`\ufeff${event}`, "utf16le"));
  assert.deepEqual([utf16.status, utf16.body.quarantined], [200, 1]);
  const { body } = await ask<{ items: { bytes: string }[] }>(
    hub,
    "GET",
    "/v1/quarantine?reason=text_not_utf8",
  );
  assert.equal(body.items.length, 2);
  assert.ok(body.items[0]!.bytes.includes('"type":"item.viewed"'));
});

test("odd texts in ids, channels, stores, sessions and identities are normalised or put aside, never a failure", async () => {
  const odd = [
    "\\u0000",
    "\\ud800",
    " ",
    "\\u202e",
    "🧀",
    "\\ufeff",
    "x".repeat(400),
    "\\n",
    "null",
    "[]",
    "\\u0000@x.ec",
  ];
  for (const [i, text] of odd.entries()) {
    for (const field of ["id", "type", "channel", "store", "session", "time"]) {
      const fields = {
        id: `"odd-${i}-${field}"`,
        type: '"item.viewed"',
        time: `"${time}"`,
        data: '{"sku":"x"}',
      };
      const event = Object.entries({ ...fields, [field]: `"${text}"` }).map(
        ([name, value]) => `"${name}":${value}`,
      );
      const { status, body } = await postEvents(`{${event.join(",")}}`);
      assert.deepEqual([status, body.accepted], [200, 1], `${field} ${text}`);
    }
    for (const kind of ["email", "phone", "national_id", "loyalty", "user", "device", "anonymous"]) {
      const { status, body } = await postEvents(
        `{"id":"who-${i}-${kind}","type":"item.viewed","time":"${time}","identities":{"${kind}":["${text}",17,null,{},"ok-${i}"]},"data":{"sku":"x"}}`,
      );
      assert.deepEqual([status, body.accepted], [200, 1], `${kind} ${text}`);
    }
  }
  const numbers = [
    "1e400",
    "-1e400",
    "1e-400",
    "123456789012345678901234567890",
    "0.1e1",
    "-0",
    "NaN",
    "Infinity",
    "01",
    "+1",
  ];
  for (const [i, number] of numbers.entries()) {
    const { status, body } = await postEvents(
      `{"id":"number-${i}","type":"custom.number","time":"${time}","data":{"n":${number}}}`,
    );
    assert.deepEqual([status, body.accepted], [200, 1], number);
  }
  await assertSound(hub);
});
