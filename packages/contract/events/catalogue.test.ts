import assert from "node:assert/strict";
import { test } from "node:test";
import type { TObject, TSchema } from "typebox";
import { Value } from "typebox/value";
import { catalogue, eventTypes, quarantineReasons } from "./index.ts";

const types = Object.values(eventTypes);

test("every type is found by its own name, which says noun and verb", () => {
  for (const [name, type] of Object.entries(eventTypes)) {
    assert.equal(type.type, name);
    assert.equal(catalogue.get(name)?.type, name);
    assert.match(name, /^[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*$/);
  }
  assert.equal(catalogue.size, types.length);
  assert.equal(catalogue.get("toString"), undefined);
});

test("every example fits its type", () => {
  for (const { type, data, example } of types) {
    const [wrong] = Value.Errors(data, example);
    assert.equal(wrong, undefined, `${type}${wrong?.instancePath}: ${wrong?.message}`);
  }
});

test("every type says what it is in a sentence, and marks only fields it has as personal", () => {
  for (const { type, says, personal, data } of types) {
    assert.match(says, /^[A-Z].{10,}\.$/s, type);
    for (const field of personal) assert.ok(Object.hasOwn(data.properties, field), `${type}.${field}`);
  }
});

test("data of one's own beside the known fields is allowed", () => {
  const { data, example } = eventTypes["item.viewed"];
  assert.ok(Value.Check(data, { ...example, shelf: { row: 3 } }));
});

test("money is whole minor units, never without the field for its currency", () => {
  for (const { type, data } of types) {
    const fields = Object.keys((data as TObject).properties);
    if (fields.some((field) => field.endsWith("Minor"))) assert.ok(fields.includes("currency"), type);
    eachField(data, (name, schema) => {
      if (name.endsWith("Minor"))
        assert.equal((schema as { type?: string }).type, "integer", `${type}.${name}`);
      assert.doesNotMatch(name, /^(amount|price|total|cost)$/, `${type}.${name} has no unit`);
    });
  }
  const { data, example } = eventTypes["order.placed"];
  assert.ok(!Value.Check(data, { ...example, totalMinor: 12.9 }));
  assert.ok(!Value.Check(data, { ...example, currency: "usd" }));
  assert.ok(!Value.Check(data, { ...example, currency: "XXX" }));
});

test("there is no field for card data", () => {
  for (const { type, data } of types) {
    eachField(data, (name) =>
      assert.doesNotMatch(name, /^pan$|card_?number|cvv|cvc|^cid$|track[12]?$|^pin/i, type),
    );
  }
});

test("a consent cannot be given without its proof, and can be withdrawn without any", () => {
  const { data, example } = eventTypes["consent.given"];
  const { evidence, ...bare } = example;
  assert.ok(evidence.length > 0);
  assert.ok(!Value.Check(data, bare));
  assert.ok(!Value.Check(data, { ...example, purpose: "sell_to_others" }));
  assert.ok(Value.Check(eventTypes["consent.withdrawn"].data, { purpose: "marketing" }));
});

test("every reason for quarantine is told in two languages", () => {
  for (const [reason, texts] of Object.entries(quarantineReasons)) {
    assert.match(reason, /^[a-z0-9]+(_[a-z0-9]+)*$/);
    for (const text of texts) assert.match(text, /^[A-ZÁÉÍÓÚ].{8,}\.$/, reason);
  }
});

function eachField(schema: TSchema, look: (name: string, schema: TSchema) => void): void {
  const { properties, items } = schema as { properties?: Record<string, TSchema>; items?: TSchema };
  for (const [name, inner] of Object.entries(properties ?? {})) {
    look(name, inner);
    eachField(inner, look);
  }
  if (items !== undefined) eachField(items, look);
}
