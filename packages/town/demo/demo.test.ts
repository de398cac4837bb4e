import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { fastClock, systemClock } from "@trato/base";
import { listQuarantine, readReport } from "@trato/contract";
import { testHub } from "../../hub/testing/hub.ts";
import { createApi } from "./api.ts";
import { runDemo } from "./demo.ts";

const speed = 7_200;

test("a town fills a hub, and moments of both kinds and decisions with reasons are told as they come", async () => {
  const clock = fastClock(systemClock.nowMs(), speed);
  const { url, key, stop } = await testHub({ clock });
  try {
    const lines: string[] = [];
    const enough = new AbortController();
    const wanted = [
      /◆ runs out: /,
      /◆ cart left: /,
      /▶ .+ → .+ — ".+"/,
      /✉ sent/,
      /decisions: .*[1-9]\d* no consent/,
    ];
    const print = (line: string): void => {
      lines.push(stripVTControlCharacters(line));
      if (wanted.every((one) => lines.some((said) => one.test(said)))) enough.abort();
    };
    const size = { seed: 11, households: 30, historyDays: 60, seconds: 120 };
    const hub = { url, key, clock, speed };
    const result = await runDemo({ ...hub, ...size, print, language: "en", signal: enough.signal });
    const text = lines.join("\n");
    for (const one of wanted) assert.match(text, one);
    assert.equal(result.failures, 0, text);

    const { accepted, applied, repeat, quarantined, erased } = result.events;
    assert.equal(accepted, applied + repeat + quarantined + erased);
    assert.ok(applied > 3_000 && repeat > 0 && quarantined > 0);
    assert.ok(result.decisions.personal > 0 && result.decisions.no_consent > 0);
    assert.ok(result.moments.runs_out > 0 && result.moments.cart_left > 0);
    for (const line of lines) assert.ok(line.startsWith("  ") || [...line].length <= 120, line);

    assert.ok(text.includes(`API reference: ${url}/reference`));
    assert.ok(text.includes(`why ${result.example?.decisionId}`));
    await onlyBrokenAside(url, key, quarantined);
  } finally {
    await stop();
  }
});

/** Nothing was put aside but what was broken on purpose, and the hub has something to report. */
async function onlyBrokenAside(url: string, key: string, quarantined: number): Promise<void> {
  const api = createApi({ url, key });
  const { items } = await api.call(listQuarantine, { query: { limit: 1_000 } });
  assert.equal(items.length, quarantined);
  for (const { eventId, detail } of items) assert.match(eventId ?? "", /-broken$/, detail);
  const report = await api.call(readReport);
  assert.ok(report.arms.some((arm) => arm.people > 0));
}

test("a hub that cannot be reached ends the demonstration with the reason", async () => {
  const clock = fastClock(systemClock.nowMs(), speed);
  const options = { url: "http://127.0.0.1:9", key: "trk_none", clock, speed, seed: 1, households: 1 };
  const signal = AbortSignal.timeout(60_000);
  await assert.rejects(
    runDemo({ ...options, historyDays: 1, seconds: 1, language: "es", print: () => undefined, signal }),
    /The hub at http:\/\/127\.0\.0\.1:9 does not answer/,
  );
});

test("who stops it while the history is sent gets the figures so far at once", async () => {
  const clock = fastClock(systemClock.nowMs(), speed);
  const { url, key, stop } = await testHub({ clock });
  try {
    const stopping = new AbortController();
    const lines: string[] = [];
    const print = (line: string): void => {
      lines.push(line);
      if (line.includes("Historia")) stopping.abort();
    };
    const size = { seed: 1, households: 10, historyDays: 700 };
    const hub = { url, key, clock, speed };
    const result = await runDemo({ ...hub, ...size, print, language: "es", signal: stopping.signal });
    assert.equal(result.failures, 0, lines.join("\n"));
    assert.ok(result.events.applied > 0);
    assert.equal(result.moments.runs_out, 0);
  } finally {
    await stop();
  }
});
