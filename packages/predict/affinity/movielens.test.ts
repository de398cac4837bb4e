import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { evaluateTopN } from "../evaluate/top-n.ts";
import { readTopNSplit, splitsPath } from "../testing/top-n-split.ts";
import { holding } from "./choose-blend.ts";
import { fitEase } from "./ease.ts";

const path = fileURLToPath(new URL("ml-1m-ultragcn", splitsPath));
const skip = existsSync(path) ? false : `the split of MovieLens is not at ${path}`;

test("EASE on MovieLens-1M gives the figures that independent code gave: Recall@20 0.2761, NDCG@20 0.2677", {
  skip,
}, () => {
  const { train, held } = readTopNSplit("ml-1m-ultragcn", 3_043);
  const ease = fitEase(train, { ridge: 800, neighboursMax: 3_043 });
  const { recall, ndcg } = evaluateTopN({ train, held, k: 20, scores: holding(ease) });
  assert.ok(Math.abs(recall - 0.2761) < 5e-4, `Recall@20 ${recall}`);
  assert.ok(Math.abs(ndcg - 0.2677) < 5e-4, `NDCG@20 ${ndcg}`);
});
