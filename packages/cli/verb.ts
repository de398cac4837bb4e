import { Command } from "commander";
import { openSession, type Session } from "./session.ts";
import type { Shell } from "./shell.ts";

export type Work = (session: Session, args: readonly string[], command: Command) => Promise<void>;

/** A command whose work is given a session; `args` are what stands after its name. */
export function verb(shell: Shell, name: string, says: string, work: Work): Command {
  const command = new Command(name).description(says);
  return command.action(async () => {
    await work(openSession(shell, command), command.processedArgs.flat().filter(isText), command);
  });
}

const isText = (value: unknown): value is string => typeof value === "string";
