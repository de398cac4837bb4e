import type { Result } from "@trato/contract";
import type { Queries } from "../platform/index.ts";
import { forgetCommands, rememberCommands } from "./order-store.ts";

/**
 * Plans each command that was not carried out before; `undefined` is a repeat. What is refused is not remembered, so
 * that the same command may be tried again.
 */
export async function eachOnce<
  Command extends { readonly commandId: string },
  Answer extends Result<unknown>,
>(
  tx: Queries,
  commands: readonly Command[],
  nowMs: number,
  plan: (command: Command) => Answer,
): Promise<(Answer | undefined)[]> {
  const ids = commands.map(({ commandId }) => commandId);
  const fresh = new Set(await rememberCommands(tx, ids, nowMs));
  const refused: string[] = [];
  const answers = commands.map((command) => {
    if (!fresh.delete(command.commandId)) return undefined;
    const answer = plan(command);
    if (!answer.ok) refused.push(command.commandId);
    return answer;
  });
  await forgetCommands(tx, refused);
  return answers;
}
