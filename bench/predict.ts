import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Bench } from "./benches.ts";
import type { Report } from "./lib/figure.ts";
import { families } from "./predict/families.ts";
import { isMet, pagePath, printPage, resultsPath } from "./predict/page.ts";
import type { Result } from "./predict/result.ts";

/** Every family against published results, one after the other; each measures anew its part of the page. */
export async function predict(report: Report): Promise<void> {
  for (const name of Object.keys(families)) await measureFamily(name, report);
}

/** `predict.<family>`: one family alone, which takes from seconds to a quarter of an hour. */
export const familyBenches: Readonly<Record<string, Bench>> = Object.fromEntries(
  Object.entries(families).map(([name, { says }]) => [
    `predict.${name}`,
    { says, run: (report) => measureFamily(name, report) },
  ]),
);

async function measureFamily(name: string, report: Report): Promise<void> {
  const results = await runFamily(name);
  for (const result of results) {
    const { atLeast, atMost } = result.bar ?? {};
    report(`${result.data} ${result.metric}`, result.ours, isMet(result) === null ? "" : "(bar)", {
      ...(atLeast === undefined ? {} : { atLeast }),
      ...(atMost === undefined ? {} : { atMost }),
    });
  }
  keep(name, results);
}

/** The page is printed from the results of every family as they were last measured. */
function keep(name: string, results: readonly Result[]): void {
  const kept = readKept();
  kept[name] = results;
  const inOrder = Object.keys(families).filter((family) => kept[family] !== undefined);
  const all = Object.fromEntries(inOrder.map((family) => [family, kept[family]!]));
  writeFileSync(resultsPath, `${JSON.stringify(all, null, 1)}\n`);
  writeFileSync(pagePath, printPage(Object.values(all).flat()));
}

function readKept(): Record<string, readonly Result[]> {
  try {
    return JSON.parse(readFileSync(resultsPath, "utf8")) as Record<string, readonly Result[]>;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw cause;
  }
}

/** Each family runs in a process of its own, so that one's memory is not the next one's. */
async function runFamily(name: string): Promise<Result[]> {
  const entry = new URL("./predict/run-family.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, ["--max-old-space-size=8192", entry, name], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const results: Result[] = [];
  const ended = once(child, "exit");
  for await (const line of createInterface({ input: child.stdout })) results.push(JSON.parse(line) as Result);
  const [code] = (await ended) as [number | null];
  if (code !== 0) throw new Error(`the family ${name} ended with ${code}`);
  return results;
}
