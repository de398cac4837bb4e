import assert from "node:assert/strict";
import { test } from "node:test";
import { table, wrap } from "./table.ts";

test("a table fits its terminal: the wide column is broken between words, nothing is lost", () => {
  const head = [
    { heading: "n", align: "right" },
    { heading: "what", wide: true },
  ] as const;
  const text = table(head, [["1", "ground coffee, half a kilo, roasted in Loja"]], 20);
  assert.equal(
    text,
    ["n  what", "1  ground coffee,", "   half a kilo,", "   roasted in Loja", ""].join("\n"),
  );
});

test("figures stand under each other", () => {
  const head = [{ heading: "who" }, { heading: "people", align: "right" }] as const;
  assert.equal(
    table(head, [
      ["treated", "9,500"],
      ["holdout", "500"],
    ]),
    ["who      people", "treated   9,500", "holdout     500", ""].join("\n"),
  );
});

test("what others wrote cannot move the cursor or change colours", () => {
  const text = table([{ heading: "title" }], [["\x1b[31mred\x1b[0m\r\nnext"]]);
  assert.equal(text, "title\n [31mred [0m next\n");
  assert.equal(wrap("a\x1b]0;title\x07b"), "a ]0;title b\n");
});

test("a long text is wrapped under its beginning", () => {
  assert.equal(wrap("one two three four", "- ", 14), "- one two\n  three four\n");
});
