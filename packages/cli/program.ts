import { Command, CommanderError } from "commander";
import { exitCodes, Failure } from "./failure.ts";
import about from "./package.json" with { type: "json" };
import { addCommonOptions } from "./session.ts";
import type { Shell } from "./shell.ts";
import { decideVerb } from "./verbs/decide.ts";
import { demoVerb } from "./verbs/demo.ts";
import { importVerb } from "./verbs/import.ts";
import { keysVerb } from "./verbs/keys.ts";
import { modelsVerb } from "./verbs/models.ts";
import { quarantineVerb } from "./verbs/quarantine.ts";
import { replayVerb } from "./verbs/replay.ts";
import { reportVerb } from "./verbs/report.ts";
import { startVerb } from "./verbs/start.ts";
import { trainVerb } from "./verbs/train.ts";
import { verifyVerb } from "./verbs/verify.ts";
import { whyVerb } from "./verbs/why.ts";

const verbs = [
  startVerb,
  demoVerb,
  importVerb,
  trainVerb,
  modelsVerb,
  decideVerb,
  whyVerb,
  replayVerb,
  verifyVerb,
  reportVerb,
  quarantineVerb,
  keysVerb,
];

const exits = `
Exit codes: 0 done, 1 refused, 2 asked wrongly, 3 no hub answers, 130 interrupted.
\`trato <verb> --help\` says more about one.`;

/** The whole command line, as commander knows it. */
export function createProgram(shell: Shell): Command {
  const program = addCommonOptions(new Command("trato"))
    .description("Connected retail: events in, moments out.")
    .version(about.version)
    .addHelpText("after", exits);
  for (const one of verbs) program.addCommand(one(shell));
  prepare(program, shell);
  return program;
}

/** Every command writes where the shell wants it, throws instead of exiting, and shows the common options. */
function prepare(command: Command, shell: Shell): void {
  command
    .exitOverride()
    .configureOutput({
      writeOut: shell.out,
      writeErr: shell.err,
      getOutHelpWidth: () => shell.columns,
      getErrHelpWidth: () => shell.columns,
    })
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError("(--help says more)");
  for (const one of command.commands) prepare(one, shell);
}

/** Runs one command line; returns the exit code. A surprise is thrown. */
export async function run(args: readonly string[], shell: Shell): Promise<number> {
  try {
    await createProgram(shell).parseAsync(args, { from: "user" });
    return exitCodes.ok;
  } catch (cause) {
    if (cause instanceof CommanderError) return cause.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    if (!(cause instanceof Failure)) throw cause;
    shell.err(`${cause.message}\n`);
    const { document } = cause;
    const hasDocument = Object.keys(document).length > 0;
    if (hasDocument && args.includes("--json")) shell.out(`${JSON.stringify(document)}\n`);
    return cause.exitCode;
  }
}
