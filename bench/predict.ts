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
  for (const name of Object.keys(families)) await measureFamily(name, undefined, report);
}

/** `predict.<family>`, or `predict.<family>.<part>`: from seconds to a quarter of an hour each. */
export const familyBenches: Readonly<Record<string, Bench>> = Object.fromEntries(
  Object.entries(families).flatMap(([name, { says, parts }]) => {
    const bench = (part?: string): Bench => ({ says, run: (report) => measureFamily(name, part, report) });
    const each = Object.keys(parts).map((part): [string, Bench] => [`predict.${name}.${part}`, bench(part)]);
    const all: [string, Bench] = [`predict.${name}`, bench()];
    return each.length === 1 ? [all] : [all, ...each];
  }),
);

async function measureFamily(name: string, only: string | undefined, report: Report): Promise<void> {
  for (const part of Object.keys(families[name]!.parts)) {
    if (only === undefined || only === part) await measurePart(name, part, report);
  }
}

async function measurePart(name: string, part: string, report: Report): Promise<void> {
  const results = await runPart(name, part);
  for (const result of results) {
    const { atLeast, atMost } = result.bar ?? {};
    report(`${result.data} ${result.metric}`, result.ours, isMet(result) === null ? "" : "(bar)", {
      ...(atLeast === undefined ? {} : { atLeast }),
      ...(atMost === undefined ? {} : { atMost }),
    });
  }
  keep(name, part, results);
}

/** The page is printed from the results of every part as they were last measured. */
function keep(name: string, part: string, results: readonly Result[]): void {
  const kept = readKept();
  const order = Object.keys(families[name]!.parts);
  const others = (kept[name] ?? []).filter((one) => one.part !== part && order.includes(one.part));
  const own = results.map((one) => ({ ...one, part }));
  kept[name] = [...others, ...own].sort((a, b) => order.indexOf(a.part) - order.indexOf(b.part));
  const inOrder = Object.keys(families).filter((family) => kept[family] !== undefined);
  const all = Object.fromEntries(inOrder.map((family) => [family, kept[family]!]));
  writeFileSync(resultsPath, `${JSON.stringify(all, null, 1)}\n`);
  writeFileSync(pagePath, printPage(Object.values(all).flat()));
}

type Kept = Result & { readonly part: string };

function readKept(): Record<string, readonly Kept[]> {
  try {
    return JSON.parse(readFileSync(resultsPath, "utf8")) as Record<string, readonly Kept[]>;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw cause;
  }
}

/** Each part runs in a process of its own, so that one's memory is not the next one's. */
async function runPart(name: string, part: string): Promise<Result[]> {
  const entry = new URL("./predict/run-family.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, ["--max-old-space-size=8192", entry, name, part], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const results: Result[] = [];
  const ended = once(child, "exit");
  for await (const line of createInterface({ input: child.stdout })) results.push(JSON.parse(line) as Result);
  const [code] = (await ended) as [number | null];
  if (code !== 0) throw new Error(`${name}.${part} ended with ${code}`);
  return results;
}
