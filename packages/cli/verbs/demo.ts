import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Clock, fastClock, limits } from "@trato/base";
import type { Command } from "commander";
import { wholeNumber } from "../options.ts";
import { openHub } from "../own-hub.ts";
import type { Session } from "../session.ts";
import type { Shell } from "../shell.ts";
import { verb } from "../verb.ts";

type Wanted = {
  households: number;
  days: number;
  speed: number;
  seed: number;
  seconds?: number;
  port?: number;
};

/** `trato demo`: a town of households shops at a hub of its own, while you watch. */
export function demoVerb(shell: Shell): Command {
  const command = verb(
    shell,
    "demo",
    "let a town of households shop at a hub of its own",
    async (session) => {
      const home = await mkdtemp(join(tmpdir(), "trato-demo-"));
      try {
        await demonstrate(session, home, command.opts<Wanted>());
      } finally {
        await rm(home, { recursive: true, force: true });
      }
    },
  );
  return command
    .option(
      "--households <n>",
      "how many households live there",
      wholeNumber(1, limits.townHouseholdsMax),
      300,
    )
    .option("--days <n>", "how many days of past they bring", wholeNumber(1, limits.townHistoryDaysMax), 120)
    .option(
      "--speed <n>",
      "how many times faster than yours their clock runs",
      wholeNumber(1, 100_000),
      3_600,
    )
    .option("--seed <n>", "the same number makes the same town", wholeNumber(0, 2 ** 32 - 1), 1)
    .option(
      "--seconds <n>",
      "end after so many seconds of their life (default: at Ctrl-C)",
      wholeNumber(1, 86_400),
    )
    .option("--port <n>", "where the hub listens; 0 is any free port", wholeNumber(0, 65_535), 0)
    .addHelpText("after", about);
}

const about = `
The hub of the demonstration keeps its own data in a folder of its own, which is
removed at the end; your hub, your TRATO_HOME and your DATABASE_URL are left
alone. After Ctrl-C it shows what came of it and stays up, so that you can ask
it; Ctrl-C again ends it.`;

async function demonstrate(session: Session, home: string, wanted: Wanted): Promise<void> {
  const { shell, json, language } = session;
  const clock: Clock = fastClock(shell.clock.nowMs(), wanted.speed, shell.clock);
  const env = { ...shell.env, TRATO_HOME: home, DATABASE_URL: undefined };
  session.note(session.say("demoStarts"));
  const hub = await openHub({ ...shell, env, clock }, { port: wanted.port ?? 0, quiet: true });
  try {
    const { runDemo } = await import("@trato/town");
    const stopping = new AbortController();
    const forget = shell.onStop(() => stopping.abort());
    const result = await runDemo({
      url: hub.url,
      key: hub.key,
      clock,
      speed: wanted.speed,
      seed: wanted.seed,
      households: wanted.households,
      historyDays: wanted.days,
      seconds: wanted.seconds,
      language,
      print: session.note,
      signal: stopping.signal,
      command: `TRATO_HOME=${home} npx trato`,
    }).finally(forget);
    if (json) session.answer(result, () => "");
    if (wanted.seconds === undefined && !json && shell.isWatched) await stayUp(session);
  } finally {
    await hub.stop();
  }
}

async function stayUp({ shell, note, say }: Session): Promise<void> {
  note(`\n${say("staysUp")}`);
  await new Promise<void>((resolve) => void shell.onStop(resolve));
}
