import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const packages = join(import.meta.dirname, "..");

function sourcesOf(name: string): string[] {
  const files = readdirSync(join(packages, name), { recursive: true, encoding: "utf8" });
  const isShipped = (file: string) =>
    file.endsWith(".ts") && !/\.test\.ts$|(^|\/)(testing|assembly)\//.test(file);
  return files.filter(isShipped).map((file) => join(name, file));
}

test("a browser can load it: nothing of Node is named but where threads are started, nothing else is imported", () => {
  const sources = [...sourcesOf("predict"), ...sourcesOf("base")];
  const texts = new Map(sources.map((file) => [file, readFileSync(join(packages, file), "utf8")]));
  const named = sources.filter((file) => texts.get(file)!.includes('"node:'));
  assert.deepEqual(named, ["predict/worker/threads.ts"]);
  for (const [file, text] of texts) {
    const imported = [...text.matchAll(/^(?:import|export|\}).* from "([^"]+)";$/gm)].map(
      ([, specifier]) => specifier!,
    );
    const outside = imported.filter((one) => !one.startsWith(".") && one !== "@trato/base");
    assert.deepEqual(outside, [], file);
  }
});

test("the first example of the README runs, and prints what it says it prints", () => {
  const readme = readFileSync(join(packages, "predict/README.md"), "utf8");
  const [, code = ""] = /```ts\n(import [\s\S]*?)```/.exec(readme) ?? [];
  const expected = [...code.matchAll(/console\.log\(.*\); \/\/ (.+)/g)].map(([, said]) => said);
  const run = spawnSync(process.execPath, ["--input-type=module-typescript", "--eval", code], {
    cwd: packages,
    encoding: "utf8",
  });
  assert.equal(run.stderr, "");
  assert.deepEqual(run.stdout.trimEnd().split("\n"), expected);
  assert.ok(expected.length >= 3);
});
