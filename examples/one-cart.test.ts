import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { testHub } from "../packages/hub/testing/hub.ts";
import { assertSound } from "../packages/hub/testing/sound.ts";
import { playOneCart } from "./one-cart.ts";

const hub = await testHub();
after(() => hub.stop());

test("the shopper's script ends as its page says, twice on the same hub, and the books of all rooms balance", async () => {
  const page = readFileSync(new URL("../docs/examples/one-cart.md", import.meta.url), "utf8");
  const printed = /```text\n([\s\S]*?)\n```/.exec(page)![1]!;
  for (const suffix of ["", "-again"]) {
    const lines: string[] = [];
    const order = await playOneCart({ url: hub.url, key: hub.key, say: (line) => lines.push(line) }, suffix);
    assert.equal(lines.join("\n"), printed);
    assert.deepEqual([order.state, order.refundedMinor], ["partly_returned", 599]);
  }
  await assertSound(hub);
});
