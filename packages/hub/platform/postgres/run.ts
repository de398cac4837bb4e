import { spawn } from "node:child_process";
import { type Account, plainEnvironment } from "./account.ts";

export type Ran = { readonly code: number | null; readonly output: string; readonly refused?: string };

const outputCharsMax = 16_384;
const runMsMax = 120_000;

/**
 * Runs a program to its end as the account, in `cwd`; `output` is the last of what it printed. Never throws:
 * `refused` holds the system's code (EACCES, EPERM, ENOENT) when it could not be started at all, or ABORT_ERR when
 * it took longer than two minutes and was ended.
 */
export function run(program: string, args: readonly string[], account: Account, cwd: string): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      ...account,
      cwd,
      env: plainEnvironment,
      stdio: ["ignore", "pipe", "pipe"],
      signal: AbortSignal.timeout(runMsMax),
    });
    let output = "";
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString("utf8")).slice(-outputCharsMax);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.on("error", (cause: NodeJS.ErrnoException) =>
      resolve({ code: null, output, refused: cause.code ?? cause.message }),
    );
    child.on("close", (code) => resolve({ code, output }));
  });
}
