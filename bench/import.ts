import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import pg from "pg";
import type { Report } from "./lib/figure.ts";
import { startBenchHub } from "./lib/hub.ts";

const file = new URL("../../shared/data/online-retail/transactions.csv.gz", import.meta.url).pathname;
const cli = new URL("../packages/cli/main.ts", import.meta.url).pathname;

/** `trato import` of the real log into a running hub, against the bare lines into a bare table. */
export async function importFile(report: Report): Promise<void> {
  if (!existsSync(file)) {
    process.stderr.write(`import: skipped, there is no ${file}\n`);
    return;
  }
  const hub = await startBenchHub();
  try {
    const startMs = performance.now();
    const args = [
      cli,
      "import",
      file,
      "--mapping",
      "online-retail",
      "--json",
      "--url",
      hub.url,
      "--key",
      hub.key,
    ];
    const done = spawnSync(process.execPath, args, {
      encoding: "utf8",
      env: { ...process.env, TRATO_HOME: hub.home },
    });
    if (done.status !== 0) throw new Error(`import ended with ${done.status}: ${done.stderr}`);
    const seconds = (performance.now() - startMs) / 1_000;
    const result = JSON.parse(done.stdout) as { reconciles: boolean };
    if (!result.reconciles) throw new Error("the totals do not reconcile with the file");
    report("import_s", seconds, "s", { floor: await copySeconds(hub.databaseUrl), atMost: 60 });
    report("hub_rss_mb", hub.residentBytes() / 2 ** 20, "MB", { atMost: 400 });
    const refolded = await hub.call<{ people: number; tookMs: number }>("POST", "/v1/refold", {});
    report("refold_people", refolded.people, "people");
    report("refold_s", refolded.tookMs / 1_000, "s");
    const verified = await hub.call<{ ok: boolean; tookMs: number }>("POST", "/v1/verify", {});
    if (!verified.ok) throw new Error("live profiles differ from the log");
    report("verify_s", verified.tookMs / 1_000, "s");
  } finally {
    await hub.stop();
  }
}

async function copySeconds(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query("create table bench_lines (line text)");
  const lines = gunzipSync(readFileSync(file)).toString("utf8").split("\n");
  const startMs = performance.now();
  for (let i = 0; i < lines.length; i += 5_000) {
    await client.query("insert into bench_lines select unnest($1::text[])", [lines.slice(i, i + 5_000)]);
  }
  const seconds = (performance.now() - startMs) / 1_000;
  await client.query("drop table bench_lines");
  await client.end();
  return seconds;
}
