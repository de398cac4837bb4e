import assert from "node:assert/strict";
import { test } from "node:test";
import { type Json, limits } from "@trato/base";
import fc from "fast-check";
import { clean } from "./clean.ts";
import { redactCards, redactText } from "./redact.ts";
import { suspicious } from "./suspicious.ts";

const visa = "4111111111111111";
const blanked = "[card ****1111]";

function cleaned(value: unknown): { value: Json; notes: readonly string[] } | string {
  const result = clean(value);
  return result.ok
    ? { value: result.value, notes: result.notes.map(({ code, pointer }) => `${code} ${pointer}`) }
    : `${result.reason} ${result.pointer}`;
}

test("what a database, a log or an object cannot hold is taken out, and said", () => {
  const long = "x".repeat(limits.textCharsMax - 1);
  const cases: readonly [name: string, given: unknown, value: Json, ...notes: string[]][] = [
    ["ordinary", { a: ["é", 1.5, null, true, "\t\n"] }, { a: ["é", 1.5, null, true, "\t\n"] }],
    ["NUL", { a: "x\u0000y" }, { a: "xy" }, "text_cleaned /a"],
    ["NUL in a name", { "a\u0000": 1 }, { a: 1 }, "text_cleaned "],
    ["an escape for a terminal", { a: "\u001b[31m" }, { a: "[31m" }, "text_cleaned /a"],
    ["half a pair", { a: ["\ud800x"] }, { a: ["\ufffdx"] }, "text_cleaned /a/0"],
    ["a whole pair, right to left, zero width", { a: "😀\u202e\u200d" }, { a: "😀\u202e\u200d" }],
    ["too long", { a: `${long}😀` }, { a: long }, "text_shortened /a"],
    [
      "prototype",
      JSON.parse('{"a":{"__proto__":{"x":1},"b":1}}'),
      { a: { b: 1 } },
      "key_dropped /a/__proto__",
    ],
    ["constructor", JSON.parse('{"constructor":{"prototype":{"x":1}}}'), {}, "key_dropped /constructor"],
    ["names every object has", { toString: 1, valueOf: 2 }, { toString: 1, valueOf: 2 }],
    ["pointer characters", { "a/b~c": "\u0000" }, { "a/b~c": "" }, "text_cleaned /a~1b~0c"],
  ];
  for (const [name, given, value, ...notes] of cases)
    assert.deepEqual(cleaned(given), { value, notes }, name);
  assert.equal(({} as { x?: number }).x, undefined);
});

test("what cannot be kept at all is refused with the place", () => {
  assert.equal(cleaned({ a: [JSON.parse("1e400")] }), "number_not_finite /a/0");
  assert.equal(cleaned({ a: undefined }), "json_invalid /a");
  let deep: unknown = 1;
  for (let i = 0; i <= limits.jsonDepthMax; i++) deep = [deep];
  assert.match(String(cleaned(deep)), /^json_too_deep \/0/);
});

test("card numbers are blanked wherever they stand", () => {
  const cases: readonly [given: unknown, value: Json][] = [
    [visa, blanked],
    ["4111 1111 1111 1111", blanked],
    ["4111-1111-1111-1111", blanked],
    [`pagó con ${visa}, gracias`, `pagó con ${blanked}, gracias`],
    [`qty 2 4111 1111 1111 1111 12/28`, `qty 2 ${blanked} 12/28`],
    [`https://x.example/p?n=${visa}&a=1`, `https://x.example/p?n=${blanked}&a=1`],
    [`recibo_${visa}.pdf`, `recibo_${blanked}.pdf`],
    [`scan${visa}a`, `scan${blanked}a`],
    [`${visa},378282246310005`, `${blanked},[card ****0005]`],
    [4111111111111111, blanked],
    [-4111111111111111, blanked],
    [{ [visa]: { deep: [[visa]] } }, { [blanked]: { deep: [[blanked]] } }],
    ["41\u000011111111111111", blanked],
  ];
  for (const [given, value] of cases) {
    const result = clean(given);
    assert.ok(result.ok);
    assert.deepEqual(result.value, value);
    assert.ok(
      result.notes.some(({ code }) => code === "pci_redacted"),
      String(given),
    );
  }
});

test("numbers of trade, ids and times are left as they are", () => {
  const kept = {
    gtin: "36141411230022",
    sku: ["4006381333931", "786000000012"],
    imei: "490154203237518",
    sscc: "106141411928374657",
    ruc: "0926687856001",
    taxId: "36000009000140",
    accessKey: "2211202601099214429000120010040000123451234567811",
    uuid: "a4111111-1111-4111-8111-111111111111",
    anonymous: "0b9d7c1e-0000-4000-8000-411111111111",
    sha: "4111111111111111aaaa4111111111111111aaaa4111111111111111aaaa0000",
    sentMs: 1_763_800_000_000,
    score: 0.4111111111111111,
    scoreText: "0.4111111111111111",
    phone: "+593 98 765 4321",
    invoice: "001-004-000012345",
  };
  assert.deepEqual(cleaned(kept), { value: kept, notes: [] });
});

test("an exempt field is exempt only with its own check digit right", () => {
  const diners = "38520000023237";
  assert.deepEqual(cleaned({ gtin: diners }), {
    value: { gtin: "[card ****3237]" },
    notes: ["pci_redacted /gtin"],
  });
  assert.deepEqual(cleaned({ imei: "378282246310005" }), {
    value: { imei: "[card ****0005]" },
    notes: ["pci_redacted /imei"],
  });
});

test("the value of a secret name is never kept, whatever it is", () => {
  for (const name of [
    "pan",
    "PAN",
    "cardNumber",
    "card_number",
    "cvv",
    "CVV2",
    "cvc",
    "cid",
    "track",
    "track2",
    "pin",
    "pinBlock",
    "magstripe",
  ]) {
    for (const value of [1, "x", null, { a: ["123"] }]) {
      assert.deepEqual(cleaned({ [name]: value }), {
        value: { [name]: "[removed]" },
        notes: [`pci_redacted /${name}`],
      });
    }
  }
  for (const name of ["company", "span", "pine", "tracking", "cvv3", "card"]) {
    assert.deepEqual(cleaned({ [name]: "x" }), { value: { [name]: "x" }, notes: [] });
  }
  assert.equal(
    redactText("https://x.example/?a=1&cvv=123&cid=7"),
    "https://x.example/?a=1&cvv=[removed]&cid=7",
  );
});

test("raw text is blanked before it is set aside, though it is no JSON", () => {
  const cases: readonly [text: string, blank: string][] = [
    [`{"n":"${visa}","t":infinity}`, `{"n":"${blanked}","t":infinity}`],
    [`{"cvv": "1\\"23" , "a":1`, `{"cvv": "[removed]" , "a":1`],
    [`{"track1":{"a":["}"]},"b":1}`, `{"track1":"[removed]","b":1}`],
    [`{"pin":1234}`, `{"pin":"[removed]"}`],
    [`{"n":"\\u0034111\\u00201111 1111 1111"}`, `{"n":"${blanked}"}`],
    [`{"n":"\\\\u0034111","q":"\\u0022"}`, `{"n":"\\\\u0034111","q":"\\u0022"}`],
    [`GET /p?card_number=${visa}&x=1`, `GET /p?card_number=[removed]&x=1`],
  ];
  for (const [text, blank] of cases) assert.equal(redactCards(text), blank);
});

const odd = fc.constantFrom(
  "\u0000", "\u001b", "\b", "\ud800", "😀", "é", visa, "4111 1111", " 1111-1111", "41111111", "378282246310005",
  "__proto__", "constructor", "pan", "cvv", "?cvv=1", "&cvc=9", "gtin", "0.", ".", "-", " ", "1", "a4111111-1111-4111-8111-111111111111",
); // biome-ignore format: a table
const oddText = fc.oneof(
  odd,
  fc.string(),
  fc.array(fc.oneof(odd, fc.string({ maxLength: 3 })), { maxLength: 5 }).map((parts) => parts.join("")),
);
const oddNumber = fc.oneof(
  fc.double(),
  fc.constantFrom(4111111111111111, 1e21, -0, 4e15),
  fc.maxSafeInteger(),
);
const { value: oddJson } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    oddText,
    oddNumber.filter(Number.isFinite),
    fc.constantFrom(null, true),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(oddText, tie("value"), { maxKeys: 4 }),
  ),
}));

test("cleaning twice changes nothing more, and the result is safe", () => {
  fc.assert(
    fc.property(oddJson, (value) => {
      const once = clean(value);
      assert.ok(once.ok);
      const twice = clean(once.value);
      assert.ok(twice.ok);
      assert.deepEqual(twice.value, once.value);
      assert.deepEqual(twice.notes, []);
      const text = JSON.stringify(once.value);
      assert.ok(text.isWellFormed() && !text.includes("\\u0000"));
    }),
    { numRuns: 5_000 },
  );
});

/** How JSON is written by others: ASCII only, or with letters and signs escaped for no reason. */
const writers: readonly ((json: string) => string)[] = [
  (json) => json,
  (json) =>
    json.replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`),
  (json) => json.replace(/(?<!\\)[&=?;]/g, (char) => `\\u00${char.charCodeAt(0).toString(16).toUpperCase()}`),
];

test("when a text is not suspicious, cleaning would change nothing", () => {
  let calm = 0;
  fc.assert(
    fc.property(oddJson, fc.constantFrom(...writers), fc.constantFrom(0, 2), (value, write, indent) => {
      const text = write(JSON.stringify(value, null, indent));
      if (suspicious(text)) return;
      calm++;
      const result = clean(JSON.parse(text));
      assert.ok(result.ok);
      assert.deepEqual(result.notes, [], text);
      assert.deepEqual(result.value, JSON.parse(text));
    }),
    { numRuns: 20_000 },
  );
  assert.ok(calm > 1_000, `${calm} calm texts were seen`);
});

test("numbers that a double cannot hold are suspicious, ordinary ones are not", () => {
  for (const text of [
    '{"a":1e400}',
    '{"a": -1.5E+300}',
    "[1e9]",
    `[${"9".repeat(20)}]`,
    '{"a":\n4111111111111111110}',
  ]) {
    assert.ok(suspicious(text), text);
  }
  for (const text of [
    '{"a":1234567890123456}',
    '{"t":"2026-11-22T10:00:00.123-05:00"}',
    '{"a":-79.922359,"b":0.30000000000000004}',
  ]) {
    assert.ok(!suspicious(text), text);
  }
});
