import assert from "node:assert/strict";
import { after, test } from "node:test";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { limits, systemClock } from "@trato/base";
import { ask, type Taken } from "../testing/ask.ts";
import { assertProblem } from "../testing/endpoints.ts";
import { testHub } from "../testing/hub.ts";
import { assertSound } from "../testing/sound.ts";

const hub = await testHub();
after(() => hub.stop());

const time = new Date(systemClock.nowMs() - 60_000).toISOString();
let count = 0;
const good = () => `{"id":"good-${++count}","type":"item.viewed","time":"${time}","data":{"sku":"x"}}`;
const batch = (...elements: string[]) => `{"events":[${elements.join(",")}]}`;
const eventWith = (data: string) =>
  `{"id":"bad-${++count}","type":"custom.thing","time":"${time}","data":${data}}`;

type Sent = { readonly path?: string; readonly body: string | Buffer; readonly encoding?: string };

/** Sends a body and says what became of it: how many were applied, and why the others were put aside. */
async function fateOf({ path = "/v1/events", body, encoding }: Sent) {
  const before = await newestQuarantine();
  const headers = encoding === undefined ? {} : { "content-encoding": encoding };
  const answer = await ask<Taken>(hub, "POST", path, body, { headers });
  assert.equal(answer.status, 200, answer.text.slice(0, 200));
  const { items } = await quarantine(before);
  assert.equal(answer.body.quarantined, items.length, "what is said to be put aside is there");
  return { applied: answer.body.applied, reasons: items.map(({ reason }) => reason) };
}

const firstOfAll = "00000000-0000-0000-0000-000000000000";
async function quarantine(after: string) {
  type Page = { items: { quarantineId: string; reason: string }[] };
  return (await ask<Page>(hub, "GET", `/v1/quarantine?after=${after}&limit=1000`)).body;
}
const newestQuarantine = async () => (await quarantine(firstOfAll)).items.at(-1)?.quarantineId ?? firstOfAll;

const deep = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;
const wide = (names: number) =>
  `{${Array.from({ length: names }, (_, i) => `"${i.toString(36)}":1`).join(",")}}`;

test("JSON a hundred thousand levels deep costs only its own event, or is put aside whole", async () => {
  assert.deepEqual(await fateOf({ body: batch(good(), eventWith(deep(100_000)), good()) }), {
    applied: 2,
    reasons: ["json_too_deep"],
  });
  assert.deepEqual((await fateOf({ body: deep(100_000) })).applied, 0);
  assert.equal((await fateOf({ body: "[".repeat(4_000_000) })).applied, 0);
  assert.equal(
    (await fateOf({ path: "/v1/track", body: `{"event":"x","properties":${'{"a":'.repeat(100_000)}` }))
      .applied,
    0,
  );
});

test("a million names are too large to send, and those that fit are put aside", async () => {
  const million = batch(eventWith(wide(1_000_000)));
  const refused = await ask(hub, "POST", "/v1/events", million).catch(() => undefined);
  if (refused !== undefined) assert.equal(assertProblem(refused, "a million names"), "body_too_large");
  assert.deepEqual((await fateOf({ body: gzipSync(million) })).reasons, ["body_too_large"]);
  assert.deepEqual((await fateOf({ body: batch(eventWith(wide(300_000))) })).reasons, ["json_too_wide"]);
  const one = await fateOf({ body: batch(good(), eventWith(wide(limits.jsonNamesMax + 1))) });
  assert.deepEqual(one, { applied: 1, reasons: ["json_too_wide"] });
});

test("a text of four megabytes, and a batch of a hundred thousand events, are put aside whole", async () => {
  const long = eventWith(`{"text":"${"x".repeat(limits.bodyBytesMax - 200)}"}`);
  assert.deepEqual((await fateOf({ body: batch(long) })).reasons, ["event_too_large"]);
  assert.deepEqual((await fateOf({ body: batch(good(), long.replace("xxxxxxxxxxxxxxx", "")) })).reasons, [
    "event_too_large",
  ]);
  const many = Array.from({ length: 100_000 }, (_, i) => `{"id":"${i}"}`).join();
  assert.deepEqual((await fateOf({ body: batch(many) })).reasons, ["batch_too_long"]);
  assert.deepEqual((await fateOf({ body: batch(`0${",0".repeat(1_000_000)}`) })).reasons, ["batch_too_long"]);
});

test("texts made to keep a careless pattern busy for hours are read like any other", async () => {
  const size = 500_000;
  const texts = [
    "4 ",
    "4-",
    "4111 ",
    "4111111111111111",
    '\\\\"',
    "\\\\\\\\",
    "\\\\u0034",
    "?cvv=",
    '\\"pan\\" ',
    "a-",
    "e9",
  ];
  for (const text of texts) {
    const { applied, reasons } = await fateOf({
      body: batch(eventWith(`{"t":"${text.repeat(size / text.length)}"}`)),
    });
    assert.equal(applied + reasons.length, 1, text);
  }
  for (const text of [
    `{"pan"`,
    ": ",
    ":1",
    ",",
    '"',
    "\\",
    "{",
    '{"events":[',
    "]}",
    " ",
    "1e5,",
    '"a":{}',
    "\\u",
  ]) {
    const { applied, reasons } = await fateOf({ body: text.repeat(2_000_000 / text.length) });
    assert.deepEqual([applied, reasons.length], [0, 1], text);
    await fateOf({ path: "/v1/track", body: text.repeat(size / text.length) });
  }
  assert.equal((await fateOf({ body: batch(good()) })).applied, 1);
});

test("a compressed body is taken in any of three ways; a bomb, a broken or a doubly compressed one is put aside", async () => {
  const plain = () => batch(good());
  const taken: Sent[] = [
    { body: gzipSync(plain()), encoding: "gzip" },
    { body: gzipSync(plain()) },
    { body: gzipSync(plain()), encoding: "identity" },
    { body: deflateSync(plain()), encoding: "deflate" },
    { body: brotliCompressSync(plain()), encoding: "br" },
    { body: plain(), encoding: "gzip" },
  ];
  for (const sent of taken) assert.equal((await fateOf(sent)).applied, 1, sent.encoding);

  const thousandfold = gzipSync(Buffer.alloc(3_000_000, " "));
  const far = gzipSync(Buffer.alloc(200_000_000, "x"));
  const whole = gzipSync(batch(...Array.from({ length: 50 }, good)));
  const wrong: [Sent, string][] = [
    [{ body: thousandfold, encoding: "gzip" }, "body_inflates"],
    [{ body: far, encoding: "gzip" }, "body_too_large"],
    [{ body: brotliCompressSync(Buffer.alloc(50_000_000)), encoding: "br" }, "body_inflates"],
    [{ body: gzipSync(whole), encoding: "gzip" }, "encoding_unknown"],
    [{ body: gzipSync(thousandfold) }, "encoding_unknown"],
    [{ body: whole.subarray(0, whole.length - 20), encoding: "gzip" }, "body_corrupt"],
    [{ body: whole.subarray(0, 15) }, "body_corrupt"],
    [{ body: brotliCompressSync(gzipSync(plain())), encoding: "br,gzip" }, "encoding_unknown"],
    [{ body: gzipSync(plain()), encoding: "gzip, gzip" }, "encoding_unknown"],
    [{ body: plain(), encoding: "br" }, "body_corrupt"],
    [{ body: plain(), encoding: "constructor" }, "encoding_unknown"],
    [{ body: plain(), encoding: "zstd" }, "encoding_unknown"],
  ];
  for (const [sent, reason] of wrong) assert.deepEqual((await fateOf(sent)).reasons, [reason], reason);
});

test("bodies that are no batch at all are put aside with the reason, on our road and on the others'", async () => {
  for (const body of [
    "",
    "null",
    "0",
    '"text"',
    "{}",
    '{"events":{}}',
    '{"events":null}',
    "not json",
    "[1,2",
    "\u0000",
  ]) {
    for (const path of ["/v1/events", "/v1/batch", "/v1/b", "/v1/import", "/beacon/v1/batch"]) {
      const answer = await ask<Taken>(hub, "POST", path, body);
      assert.equal(answer.status, 200, `${path} ${body}`);
      assert.equal(answer.body.applied, 0);
    }
  }
  const bare = await fateOf({ body: `[${good()},17,null,"x",[],${good()}]` });
  assert.equal(bare.applied, 2);
  assert.deepEqual(
    bare.reasons,
    Array.from({ length: 4 }, () => "event_not_object"),
  );
  assert.equal((await ask(hub, "GET", "/readyz")).status, 200);
  await assertSound(hub);
});
