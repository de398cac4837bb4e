import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { fakeClock, limits, secondMs } from "@trato/base";
import { clip, columnsOf, createTicker, grouped, wrap } from "./ticker.ts";

function watch(speed: number) {
  const clock = fakeClock(Date.UTC(2026, 10, 22, 15));
  const lines: string[] = [];
  const print = (line: string) => void lines.push(stripVTControlCharacters(line));
  return { clock, lines, ticker: createTicker({ print, clock, speed, language: "es" }) };
}

test("no more is printed in a second of the reader than an eye can follow, whatever the speed of the clock", () => {
  const speed = 3_600;
  const { clock, lines, ticker } = watch(speed);
  const seconds = 20;
  for (let i = 0; i < seconds * 50; i++) {
    for (const kind of ["visit", "decision", "moment", "bought", "left", "message"] as const) {
      ticker.happened(kind, clock.nowMs(), `line ${i}`);
    }
    clock.advance((speed * secondMs) / 50);
  }
  assert.ok(lines.length <= limits.townLinesPerSecond * (seconds + 1), `${lines.length}`);
  assert.ok(lines.length > 4 * seconds, `${lines.length}`);
  for (const mark of ["●", "▶", "◆", "✔", "○", "✉"])
    assert.ok(
      lines.some((line) => line.includes(mark)),
      mark,
    );
});

test("a line says when it happened on the town's clocks and fits in a hundred columns", () => {
  const { clock, lines, ticker } = watch(1);
  ticker.happened("left", clock.nowMs(), "ñandú ".repeat(40));
  assert.match(lines[0]!, /^dom 10:00 {2}○ ñandú /);
  assert.equal(columnsOf(lines[0]!), 100);
  assert.equal(clip("corto", 10), "corto");
  for (const line of wrap("palabra ".repeat(60).trim())) assert.ok(columnsOf(line) <= 100);
  assert.equal(wrap("una dos tres").join(" "), "una dos tres");
  assert.equal(grouped(1234567), "1 234 567");
});
