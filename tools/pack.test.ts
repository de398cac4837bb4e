import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, test } from "node:test";
import { chromium } from "playwright-core";
import { pack } from "./pack.ts";
import { root } from "./tree.ts";

const home = mkdtempSync(join(tmpdir(), "trato-packed-"));
after(() => rmSync(home, { recursive: true }));
writeFileSync(join(home, "package.json"), '{ "type": "module", "private": true }');
const packed = pack("predict", home);
const quiet = ["--offline", "--no-audit", "--no-fund", "--silent"];
execFileSync("npm", ["install", ...quiet, packed], { cwd: home });

const readme = readFileSync(join(home, "node_modules/@trato/predict/README.md"), "utf8");
const [, example = ""] = /```ts\n(import [\s\S]*?)```/.exec(readme) ?? [];
const expected = [...example.matchAll(/console\.log\(.*\); \/\/ (.+)/g)].map(([, said]) => said!);
writeFileSync(join(home, "example.js"), example);

/** Every Node on the path that the package says it runs on, and the one that runs this. */
function nodes(): string[] {
  const onPath = (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, "node"));
  const isEnough = (node: string) => {
    const [major = 0, minor = 0] = execFileSync(node, ["-p", "process.versions.node"], { encoding: "utf8" })
      .split(".")
      .map(Number);
    return major > 20 || (major === 20 && minor >= 16);
  };
  return [...new Set([process.execPath, ...onPath.filter((node) => existsSync(node))])].filter(isEnough);
}

test("predict as it is installed needs nothing else, and its example runs on plain Node from 20 on", () => {
  const { dependencies } = JSON.parse(
    readFileSync(join(home, "node_modules/@trato/predict/package.json"), "utf8"),
  ) as { dependencies: object };
  assert.deepEqual(dependencies, {});
  assert.ok(expected.length >= 3);
  for (const node of nodes()) {
    const { stdout, stderr } = spawnSync(node, ["example.js"], { cwd: home, encoding: "utf8" });
    assert.equal(stderr, "", node);
    assert.deepEqual(stdout.trimEnd().split("\n"), expected, node);
  }
});

test("whoever writes TypeScript has its types", () => {
  const uses = `import { fitTheta, type LocalModel } from "@trato/predict";
export const model: LocalModel = fitTheta(Float64Array.of(1, 2, 3));
// @ts-expect-error: a horizon is a number
model.forecast("2");\n`;
  writeFileSync(join(home, "uses.ts"), uses);
  const options = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022", "--types", ""];
  const tsc = join(root, "node_modules/.bin/tsc");
  const { stdout, status } = spawnSync(tsc, [...options, "uses.ts"], { cwd: home, encoding: "utf8" });
  assert.equal(stdout, "");
  assert.equal(status, 0);
});

test("the SDK as it is installed needs nothing else, neither to run nor for its types", () => {
  const shop = mkdtempSync(join(tmpdir(), "trato-packed-sdk-"));
  try {
    writeFileSync(join(shop, "package.json"), '{ "type": "module", "private": true }');
    execFileSync("npm", ["install", ...quiet, pack("sdk", shop)], { cwd: shop });
    const uses = `import { type Body, createTrato } from "@trato/sdk";
const trato = createTrato({ url: "http://127.0.0.1:1", key: "tpk_x" });
const cart = await trato.cart.open({ body: { channel: "app", currency: "USD" } });
export const total: number = cart.ok ? cart.value.totalMinor : 0;
// @ts-expect-error: a channel is a text
export const wrong: Body<"openCart"> = { channel: 3 };\n`;
    writeFileSync(join(shop, "uses.ts"), uses);
    const options = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022"];
    const tsc = join(root, "node_modules/.bin/tsc");
    const lib = ["--lib", "es2023,dom", "--types", ""];
    const { stdout } = spawnSync(tsc, [...options, ...lib, "uses.ts"], { cwd: shop, encoding: "utf8" });
    assert.equal(stdout, "");
    const { dependencies } = JSON.parse(
      readFileSync(join(shop, "node_modules/@trato/sdk/package.json"), "utf8"),
    ) as { dependencies: object };
    assert.deepEqual(dependencies, {});
    const run =
      'import { createTrato } from "@trato/sdk"; createTrato({ url: "http://x", key: "k" }).cart.open;';
    for (const node of nodes())
      assert.equal(spawnSync(node, ["--input-type=module", "-e", run], { cwd: shop }).status, 0, node);
  } finally {
    rmSync(shop, { recursive: true });
  }
});

const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  (path) => existsSync(path),
);
const skip = executablePath === undefined ? "no Chromium here: apt-get install -y chromium" : false;

test("its example runs in a browser as it is served from the disk, its thread too", { skip }, async () => {
  const imports = { "@trato/predict": "/node_modules/@trato/predict/index.js" };
  const page = `<!doctype html><title>predict</title><script type="importmap">${JSON.stringify({ imports })}</script>`;
  const server = createServer(({ url = "/" }, response) => {
    const isScript = url.endsWith(".js");
    response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
    response.end(isScript ? readFileSync(join(home, url)) : page);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const browser = await chromium.launch({ executablePath: executablePath!, args: ["--no-sandbox"] });
  try {
    const tab = await browser.newPage();
    const said: string[] = [];
    tab.on("console", (line) => said.push(line.text()));
    await tab.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await tab.evaluate(() => import("/example.js" as string));
    assert.deepEqual(said, expected);
  } finally {
    await browser.close();
    server.close();
  }
});
