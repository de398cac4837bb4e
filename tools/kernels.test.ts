import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { codePath, printKernels } from "./kernels.ts";
import { root } from "./tree.ts";

test("the compiled kernels are what their sources give: else run npm run kernels", async () => {
  assert.equal(readFileSync(join(root, codePath), "utf8"), await printKernels());
});
