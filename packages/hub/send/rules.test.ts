import assert from "node:assert/strict";
import { test } from "node:test";
import { chance, dayMs, hourMs } from "@trato/base";
import fc from "fast-check";
import { disables, nextOf, type Outcome, outcomeOf, readRetryAfter, retryAfterMs } from "./rules.ts";

const failed: Outcome = { outcome: "refused", status: 500, retryAfterMs: 0, answer: "", tookMs: 1 };

test("what never arrives is tried ten times over at least 75 hours, each wait up to a fifth longer by chance", () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const draw = chance(seed);
      let nowMs = 0;
      let tries = 1;
      for (; ; tries++) {
        const next = nextOf(tries, failed, nowMs, draw);
        if (next.state !== "waiting") break;
        const scheduled = retryAfterMs[tries - 1]!;
        const waited = next.dueMs - nowMs;
        assert.ok(waited >= scheduled && waited <= scheduled * 1.2 + 1, `${waited} after attempt ${tries}`);
        nowMs = next.dueMs;
      }
      assert.equal(tries, 10);
      assert.ok(nowMs >= 75 * hourMs);
    }),
  );
});

test("the waits differ from delivery to delivery, so that they do not all come back at once", () => {
  const draw = chance(1);
  const waits = Array.from({ length: 100 }, () => nextOf(2, failed, 0, draw));
  assert.ok(new Set(waits.map((one) => JSON.stringify(one))).size > 90);
});

test("Retry-After is heard in seconds and as a date, for up to a day, and never shortens the schedule", () => {
  const due = (header: string | undefined) => {
    const next = nextOf(1, { ...failed, status: 429, retryAfterMs: readRetryAfter(header, 0) }, 0, () => 0);
    return next.state === "waiting" ? next.dueMs : undefined;
  };
  assert.equal(due("3600"), hourMs);
  assert.equal(due(new Date(2 * hourMs).toUTCString()), 2 * hourMs);
  assert.equal(due("1"), 5_000);
  assert.equal(due("999999999"), dayMs);
  for (const odd of [undefined, "", "soon", "-5", "1e9", "NaN"]) assert.equal(due(odd), 5_000, odd);
});

test("only 2xx has arrived; 410 ends it; days without an arrival switch it off", () => {
  assert.deepEqual([200, 204, 299].map(outcomeOf), ["arrived", "arrived", "arrived"]);
  assert.deepEqual([199, 301, 302, 308, 400, 404, 429, 500, 503].map(outcomeOf), Array(9).fill("refused"));
  assert.deepEqual(
    nextOf(1, { ...failed, outcome: outcomeOf(410) }, 0, () => 0),
    { state: "failed" },
  );
  assert.equal(disables("gone", 0, 0), "gone");
  assert.equal(disables("refused", 0, 5 * dayMs - 1), undefined);
  assert.equal(disables("late", 0, 5 * dayMs), "failing");
  assert.equal(disables("arrived", 0, 5 * dayMs), undefined);
});
