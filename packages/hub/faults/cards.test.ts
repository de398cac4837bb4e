import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { deflateRawSync, gzipSync } from "node:zlib";
import { limits, systemClock } from "@trato/base";
import { ask, type Taken } from "../testing/ask.ts";
import { dumpDatabase } from "../testing/dump.ts";
import { testHub } from "../testing/hub.ts";
import { assertSound } from "../testing/sound.ts";
import { homeFor, spawnHub } from "../testing/spawn-hub.ts";

/** Test numbers of the card schemes: Visa, Mastercard (both ranges), American Express, Diners, Discover, JCB, UnionPay. */
const cards = [
  "4111111111111111",
  "5555555555554444",
  "2223003122003222",
  "378282246310005",
  "30569309025904",
  "6011111111111117",
  "3530111333300000",
  "6200000000000005",
  "4000000000000000006",
];

/** What must not be left of a number, however it is written: its first twelve digits, with anything between them. */
const traces = cards.map(
  (card) => new RegExp(`(?<!\\d)${[...card.slice(0, 12)].join("[^\\da-z]{0,3}")}`, "i"),
);
const traceIn = (text: string): string | undefined =>
  traces.map((one) => one.exec(text)?.[0]).find((one) => one !== undefined);

const time = new Date(systemClock.nowMs() - 60_000).toISOString();
const spaced = (card: string) => card.replaceAll(/(\d{4})(?=\d)/g, "$1 ");
const hyphened = (card: string) => card.replaceAll(/(\d{4})(?=\d)/g, "$1-");

/** Stands for the digits without quotes; some numbers are longer than a JavaScript number holds. */
const asNumber = "the card as a number";

/** One event for every place in which a card number may stand. */
function eventsWith(card: string): unknown[] {
  const mores = [...inData(card), ...inEnvelope(card)];
  const events = mores.map((more, i) => ({
    id: `card-${card.slice(-4)}-${i}`,
    type: "custom.note",
    time,
    identities: { user: `user-${card.slice(-4)}` },
    data: {},
    ...more,
  }));
  return [...events, card, [card], asNumber];
}

function inData(card: string): object[] {
  const texts = [
    card,
    spaced(card),
    hyphened(card),
    `paid with ${card}.`,
    `<b>${spaced(card)}</b>`,
    `#${card}/${card}`,
  ];
  const filler = "x".repeat(limits.textCharsMax - 7);
  const tooLarge = "x".repeat(limits.secretEventBytesMax);
  const lines = [{ sku: card, quantity: 1, amountMinor: 1 }];
  const url = `https://shop.ec/pay?cardnumber=${card}&cvv=123#${card}`;
  return [
    ...texts.map((text) => ({ data: { text } })),
    { data: { deep: [{ list: [[{ text: `number ${card} exp 12/29` }]] }] } },
    { data: { [card]: "in a name", [`field ${spaced(card)}`]: 1 } },
    { data: { number: asNumber, list: [asNumber] } },
    { data: { pan: "anything at all", cvv: "123", card_number: spaced(card), track2: `;${card}=2912` } },
    { data: { json: JSON.stringify({ payment: { number: card } }) } },
    { type: "page.viewed", data: { url, referrer: `/${card}` } },
    { type: "person.described", data: { traits: { name: `Ana ${card}`, language: card } } },
    { type: "order.placed", data: { orderId: card, currency: "USD", totalMinor: 1, lines } },
    { type: "cart.item_added", data: { sku: hyphened(card), quantity: 1 } },
    { type: "item.viewed", data: { sku: [card] } },
    { type: "survey.answered", data: { comment: card, score: "no number" } },
    { data: `not an object ${card}` },
    { data: { filler: tooLarge, card } },
    { data: { card, filler: tooLarge } },
    { data: { filler, more: `${filler}${card}` } },
  ];
}

function inEnvelope(card: string): object[] {
  const identities = {
    user: card,
    email: `${card}@x.ec`,
    phone: card,
    device: spaced(card),
    anonymous: `a ${card}`,
  };
  return [
    { id: card },
    { id: `order-${hyphened(card)}` },
    { type: `custom.${card}` },
    { time: card },
    { channel: card, store: `store ${card}`, session: hyphened(card) },
    { identities },
    { identities: { loyalty: asNumber, national_id: card } },
    { [card]: "a field of the envelope" },
  ];
}

/** Bodies that no event comes out of, and the others' words. */
function bodiesWith(
  card: string,
): { path: string; body: string | Buffer; headers?: Record<string, string> }[] {
  const escaped = [...card].map((digit) => `\\u003${digit}`).join("");
  const call = { type: "track", event: `Paid ${card}`, messageId: card, userId: card, timestamp: time };
  const wrong = JSON.stringify({ events: [{ id: "x", note: card }] });
  const header = { anonymousid: Buffer.from(card).toString("base64") };
  return [
    { path: "/v1/events", body: `no json ${card}` },
    {
      path: "/v1/events",
      body: `{"events":[{"id":"e-${card.slice(-4)}","type":"custom.note","time":"${time}","data":{"text":"${escaped}"}}]}`,
    },
    { path: "/v1/events", body: `{"events":[{"broken":"${escaped}",]}` },
    {
      path: "/v1/events",
      body: Buffer.concat([Buffer.from(`{"events":["${card}`), Buffer.from([0xff, 0xfe])]),
    },
    { path: "/v1/events", body: Buffer.from(wrong, "utf16le") },
    { path: "/v1/events", body: gzipSync(`${wrong}${wrong}`, { level: 0 }).subarray(0, wrong.length + 40) },
    { path: "/v1/events", body: gzipSync(gzipSync(wrong, { level: 0 }), { level: 0 }) },
    { path: "/v1/events", body: deflateRawSync(wrong, { level: 0 }), headers: { "content-encoding": card } },
    { path: "/v1/events", body: `${card}${" ".repeat(3_000_000)}` },
    { path: "/v1/events", body: `${"x".repeat(1_015)}${card}${"x".repeat(3_000_000)}` },
    {
      path: "/v1/events",
      body: `{"pan":"${"x".repeat(600)}","n":"${"y".repeat(456)}${card}${"z".repeat(3_000_000)}`,
    },
    { path: `/v1/events?note=${card}`, body: `{"sentAt":"${card}","events":"${card}"}` },
    {
      path: "/v1/track",
      body: JSON.stringify({ ...call, messageId: `t-${card.slice(-4)}`, properties: { note: card } }),
    },
    {
      path: "/v1/track",
      body: JSON.stringify({ ...call, userId: undefined, messageId: `h-${card.slice(-4)}` }),
      headers: header,
    },
    {
      path: "/v1/identify",
      body: JSON.stringify({ ...call, type: "identify", traits: { address: { note: spaced(card) } } }),
    },
    {
      path: "/v1/page",
      body: JSON.stringify({ ...call, name: card, context: { page: { url: `https://x.ec/?n=${card}` } } }),
    },
    {
      path: "/v1/batch",
      body: JSON.stringify({
        context: { traits: { email: `${card}@x.ec` } },
        batch: [call, { ...call, type: card }],
      }),
    },
    {
      path: "/v1/batch",
      body: gzipSync(JSON.stringify({ batch: [{ ...call, event: undefined, messageId: undefined }] })),
    },
  ];
}

test("no card number, wherever it stands, is ever in the database, in the hub's log or in PostgreSQL's", async (t) => {
  const home = await homeFor(t);
  const hub = await spawnHub(t, { home, logLevel: "debug" });
  for (const card of cards) {
    const events = eventsWith(card);
    const text = JSON.stringify({ events }).replaceAll(`"${asNumber}"`, card);
    const taken = await ask<Taken>(hub, "POST", "/v1/events", text);
    assert.deepEqual([taken.status, taken.body.accepted], [200, events.length]);
    for (const { path, body, headers = {} } of bodiesWith(card)) {
      const answer = await ask<Taken>(hub, "POST", path, body, { headers });
      assert.equal(answer.status, 200, `${path} ${answer.text}`);
    }
    const aside = {
      reason: "line_invalid",
      detail: `Row with ${spaced(card)}.`,
      eventId: card,
      bytes: `A;${card};B`,
    };
    assert.equal((await ask(hub, "POST", "/v1/quarantine", { items: [aside] })).status, 200);
    const headers = { "idempotency-key": card, "x-request-id": card, "user-agent": card };
    const query = `kind=user&value=${card}`;
    await ask(hub, "POST", `/v1/keys/${card}/revoke`, undefined, { headers });
    await ask(hub, "GET", `/v1/people?${query}`, undefined, { headers });
    await ask(hub, "GET", `/v1/quarantine?after=${card}`);
    await ask(hub, "GET", `/v1/people/${card}/events?after=${card}`);
    await ask(hub, "GET", `/${card}?${card}`, undefined, { key: `trk_${card}` });
    await ask(hub, "POST", "/v1/decisions", { placement: "web.home", identities: { user: card } });
  }
  const open = await ask<{ items: { quarantineId: string }[] }>(
    hub,
    "GET",
    "/v1/quarantine?reason=time_invalid&limit=1000",
  );
  for (const [i, { quarantineId }] of open.body.items.entries()) {
    const event = {
      id: `repaired-${i}`,
      type: "custom.note",
      time,
      data: { text: spaced(cards[i % cards.length]!) },
    };
    const headers = { "idempotency-key": `repair ${cards[i % cards.length]}` };
    const { status } = await ask(
      hub,
      "POST",
      `/v1/quarantine/${quarantineId}/repair`,
      { event },
      { headers },
    );
    assert.equal(status, 200);
  }
  const found = (await dumpDatabase(hub.databaseUrl)).flatMap(({ table, text }) => {
    const trace = traceIn(text);
    return trace === undefined
      ? []
      : [`${table}: ${text.slice(Math.max(0, text.indexOf(trace) - 60)).slice(0, 120)}`];
  });
  assert.deepEqual(found, []);
  assert.equal(traceIn(hub.log()), undefined, "the hub's log");
  assert.equal(traceIn(await readFile(join(home, "postgres.log"), "utf8")), undefined, "PostgreSQL's log");
  assert.match(hub.log(), /card numbers; they were blanked/, "whoever sends cards is named in the log");
  await assertSound(hub);
});

test("numbers of trade that only look like cards are kept to the digit", async (t) => {
  const hub = await testHub();
  t.after(() => hub.stop());
  const data = {
    gtin13: "7861001234567",
    imei: "490154203237518",
    ruc: "1790012345001",
    accessKey: "0101202601179001234500110010010000000011234567813",
    sscc: "006141411234567890",
    uuid: "41111111-1111-4111-8111-111111111111",
    order: "ORD-2026-11-22-000123",
    epochMs: 1_763_810_000_000,
    phone: "+593987654321",
    amounts: [1_000_000_000_000, 4.111111111111111],
  };
  const event = { id: "trade", type: "custom.trade", time, identities: { user: "trade" }, data };
  await ask(hub, "POST", "/v1/events", { events: [event] });
  const { body } = await ask<{ personId: string }>(hub, "GET", "/v1/people?kind=user&value=trade");
  const events = await ask<{ items: { data: unknown }[] }>(hub, "GET", `/v1/people/${body.personId}/events`);
  assert.deepEqual(events.body.items[0]!.data, data);
  await assertSound(hub);
});
