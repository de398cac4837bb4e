import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

export type Ran = { readonly code: number | null; readonly out: string; readonly err: string };
export type Running = { readonly child: ChildProcess; readonly ended: Promise<Ran> };

const main = new URL("../main.ts", import.meta.url).pathname;

/** Starts the command line as a process of its own. Only what is given is in its environment, and PATH. */
export function startTrato(args: readonly string[], env: Readonly<Record<string, string>> = {}): Running {
  const path = process.env["PATH"] ?? "";
  const child = spawn(process.execPath, [main, ...args], {
    env: { PATH: path, LANG: "C", TRATO_HOME: "/nowhere", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said.out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said.err += text;
  });
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, ...said }));
  return { child, ended };
}

/** Runs one command line to its end. */
export const trato = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> =>
  startTrato(args, env).ended;

/** The one document of `--json`. */
export function documentOf<Document>({ out }: Ran): Document {
  return JSON.parse(out) as Document;
}
