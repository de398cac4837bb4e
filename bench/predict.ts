import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Report } from "./lib/figure.ts";
import { families } from "./predict/families.ts";
import { isMet, pagePath, printPage } from "./predict/page.ts";
import type { Result } from "./predict/result.ts";

/** Every family against published results, each in a process of its own; prints the page when all have run. */
export async function predict(report: Report): Promise<void> {
  const results: Result[] = [];
  for (const name of Object.keys(families)) {
    for (const result of await runFamily(name)) {
      results.push(result);
      const { bar } = result;
      report(`${result.data} ${result.metric}`, result.ours, isMet(result) === null ? "" : "(bar)", {
        ...(bar?.atLeast === undefined ? {} : { atLeast: bar.atLeast }),
        ...(bar?.atMost === undefined ? {} : { atMost: bar.atMost }),
      });
    }
  }
  writeFileSync(pagePath, printPage(results));
}

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
