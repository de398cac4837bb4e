#!/usr/bin/env -S node --max-semi-space-size=16 --no-allocation-site-pretenuring --heap-growing-percent=150
// What a request needs dies young. A young heap of 16 MB keeps a hub 90 MB smaller. And the engine must not learn from
// a stall that what a decision makes lives long: it would put all of it into the old heap from then on, which means a
// full collection every twelve seconds. The old heap may grow two and a half times before it is collected, not four: an
// import leaves 80 MB less behind and takes as long.
import { userInfo } from "node:os";
import { systemClock } from "@trato/base";
import { exitCodes } from "./failure.ts";
import { run } from "./program.ts";
import type { Shell } from "./shell.ts";

const shell: Shell = {
  env: process.env,
  clock: systemClock,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  isWatched: process.stderr.isTTY === true,
  columns: process.stdout.columns ?? 80,
  user: userName(),
  onStop,
};

/** The account's name; a container may run under a number that has none. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? "unknown");
  }
}

function onStop(stop: () => void): () => void {
  let asked = false;
  const hear = () => {
    if (asked) process.exit(exitCodes.interrupted);
    asked = true;
    stop();
  };
  process.on("SIGINT", hear);
  process.on("SIGTERM", hear);
  return () => {
    process.off("SIGINT", hear);
    process.off("SIGTERM", hear);
  };
}

// `trato … | head` closes the pipe early; that is no failure of ours.
process.stdout.on("error", (cause: NodeJS.ErrnoException) => process.exit(cause.code === "EPIPE" ? 0 : 1));

process.exitCode = await run(process.argv.slice(2), shell);
