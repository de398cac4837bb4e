import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { evaluateTopN } from "../evaluate/top-n.ts";
import { readTopNSplit, splitsPath } from "../testing/top-n-split.ts";
import { fitEase } from "./ease.ts";

const path = fileURLToPath(new URL("ml-1m-ultragcn", splitsPath));
const skip = existsSync(path) ? false : `the split of MovieLens is not at ${path}`;

test("EASE on MovieLens-1M reaches what it is held to: Recall@20 0.279, NDCG@20 0.268", { skip }, () => {
  const { train, held } = readTopNSplit("ml-1m-ultragcn", 3_043);
  const model = fitEase(train, { ridge: 800, toPower: 0.2, neighboursMax: 3_043 });
  const ones = new Float64Array(train.itemCount).fill(1);
  const { recall, ndcg } = evaluateTopN({
    train,
    held,
    k: 20,
    scores: (_, items, out) => model.scores(items, ones.subarray(0, items.length), out),
  });
  assert.ok(recall >= 0.279, `Recall@20 ${recall}`);
  assert.ok(ndcg >= 0.268, `NDCG@20 ${ndcg}`);
});
