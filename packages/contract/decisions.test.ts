import assert from "node:assert/strict";
import test from "node:test";
import { bases, fillWords, gapWords, reasonWords, refusalReasons, scoreParts } from "./index.ts";

test("a gap of days is said as people say it", () => {
  const said: [number, string, string][] = [
    [1, "cada día", "every day"],
    [2.4, "cada 2 días", "every 2 days"],
    [5.9, "cada 6 días", "every 6 days"],
    [6, "cada semana", "every week"],
    [10, "cada semana", "every week"],
    [14, "cada 2 semanas", "every 2 weeks"],
    [21, "cada 3 semanas", "every 3 weeks"],
    [25.9, "cada 4 semanas", "every 4 weeks"],
    [30, "cada mes", "every month"],
    [61, "cada 2 meses", "every 2 months"],
    [340, "cada 11 meses", "every 11 months"],
    [365, "cada año o más", "every year or longer"],
  ];
  for (const [days, es, en] of said) assert.deepEqual(gapWords(days), { es, en }, `${days} days`);
});

test("every text a decision can say is there in both languages, with the same places to fill", () => {
  const places = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).sort();
  for (const table of [bases, refusalReasons, scoreParts, reasonWords]) {
    for (const [name, { es, en }] of Object.entries(table)) {
      assert.ok(es.length > 0 && en.length > 0 && es !== en, name);
      assert.deepEqual(places(es), places(en), name);
    }
  }
});

test("a text is filled in its own language, and what is given is never read as a template", () => {
  const template = { es: "Porque vio {title}", en: "Because you looked at {title}" };
  const title = { es: "café {title}", en: "coffee $& {other}" };
  assert.deepEqual(fillWords(template, { title }), {
    es: "Porque vio café {title}",
    en: "Because you looked at coffee $& {other}",
  });
  assert.equal(fillWords(template, {}).es, "Porque vio {title}");
});
