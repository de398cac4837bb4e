import assert from "node:assert/strict";
import { test } from "node:test";
import { allScopes, changeCart, placeOrder, saidIn } from "@trato/contract";
import { Type } from "typebox";
import { checker } from "./body.ts";

const say = (schema: Parameters<typeof checker>[0], value: unknown, language = "en"): string[] => {
  const checked = checker(schema, "/body")(value);
  return checked.ok ? [] : checked.errors!.map((one) => `${one.pointer} ${saidIn(one.detail, language)}`);
};
const changes = (change: unknown) => ({ changes: [change] });

test("of a choice only the branch that was chosen is judged, and an unknown choice names those there are", () => {
  const { body } = changeCart;
  for (const [change, said] of [
    [{ do: "add", sku: "x", quantity: 0 }, ["/body/changes/0/quantity use 1 or more"]],
    [{ do: "add", sku: "x" }, ["/body/changes/0/quantity add quantity"]],
    [{ do: "put", sku: "x", quantity: 1 }, ["/body/changes/0/do use one of add, take, set, empty"]],
    [{ sku: "x" }, ["/body/changes/0/do use one of add, take, set, empty"]],
    [{ do: "empty", sku: "x" }, ["/body/changes/0/sku there is no such field; there are do"]],
    ["add", ["/body/changes/0 send an object"]],
  ] as const) {
    const told = say(body, changes(change));
    assert.deepEqual([...new Set(told)], said, JSON.stringify(change));
  }
  const tenders = [{ kind: "gold", amountMinor: 1 }];
  const [kind] = say(placeOrder.body, { tenders });
  assert.match(kind!, /^\/body\/tenders\/0\/kind use one of .*cash/);
  const cash = [{ kind: "cash", amountMinor: 0, givenMinor: 5 }];
  assert.deepEqual(say(placeOrder.body, { tenders: cash }), ["/body/tenders/0/amountMinor use 1 or more"]);
});

test("every rule is told with its remedy, in both languages", () => {
  const schema = Type.Object(
    {
      name: Type.String({ minLength: 2 }),
      count: Type.Integer({ maximum: 3 }),
      scope: Type.Enum([...allScopes].slice(0, 2)),
      at: Type.Optional(Type.String({ format: "date-time" })),
      tags: Type.Optional(Type.Array(Type.String(), { maxItems: 1 })),
      nick: Type.Union([Type.String(), Type.Null()]),
    },
    { additionalProperties: false },
  );
  const wrong = { name: "x", count: 4, at: "ayer", tags: ["a", "b"], nick: 1, colour: "red" };
  assert.deepEqual(say(schema, wrong, "es"), [
    "/body/scope agregue scope",
    "/body/colour no hay tal campo; hay name, count, scope, at, tags, nick",
    "/body/name use 2 caracteres o más",
    "/body/count use 3 o menos",
    "/body/at use una hora con su huso, como 2026-11-20T10:00:00-05:00",
    "/body/tags envíe 1 o menos",
    "/body/nick envíe un texto",
  ]);
  assert.equal(say(schema, { ...wrong, count: "4" })[3], "/body/count send a whole number");
});

test("a long list of wrong values costs no more than the errors that are told", () => {
  const schema = Type.Array(Type.Object({ n: Type.Integer() }));
  assert.equal(say(schema, Array(100_000).fill({})).length, 20);
  const bounded = Type.Array(Type.Object({ n: Type.Integer() }), { maxItems: 10 });
  assert.deepEqual(say(bounded, Array(100_000).fill({ n: 1 })), ["/body send 10 or less"]);
});
