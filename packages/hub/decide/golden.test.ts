import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { decide } from "./decide.ts";
import { defaultPolicy } from "./policy.ts";
import { codeVersion } from "./record.ts";
import { context, offers, placementName, profile } from "./testing/arbitraries.ts";
import { decisionNo, shelfOf, today } from "./testing/shop.ts";

/** What these rules decide in 300 drawn situations, in one line. */
const decided = { version: "2", digest: "a582a512083c9fd6" };

test("a change of what is decided comes with a new version of the rules", () => {
  const samples = fc.sample(fc.tuple(fc.option(profile), context, offers, placementName), {
    numRuns: 300,
    seed: 7,
  });
  const hash = createHash("sha256");
  for (const [i, [who, said, all, placement]] of samples.entries()) {
    const shelf = shelfOf({ offers: all, policy: defaultPolicy });
    const request = { placement, context: said };
    const made = {
      decisionId: decisionNo(i),
      nowMs: today,
      request,
      spent: new Set<string>(),
      soldOut: new Set<string>(),
      foldVersion: "x",
    };
    hash.update(JSON.stringify({ ...decide({ ...made, profile: who, shelf }), versions: undefined }));
  }
  const says = `rules ${codeVersion} decide otherwise: raise codeVersion in record.ts, and put both here`;
  assert.deepEqual({ version: codeVersion, digest: hash.digest("hex").slice(0, 16) }, decided, says);
});
