import { replayDecision } from "@trato/contract";
import type { Command } from "commander";
import type { Static } from "typebox";
import { exitCodes, Failure } from "../failure.ts";
import type { Session } from "../session.ts";
import type { Shell } from "../shell.ts";
import { table } from "../table.ts";
import { verb } from "../verb.ts";

type Replayed = Static<typeof replayDecision.gives>;

/** `trato replay`: decides again from the log as it was; exits with 1 when a record does not come out the same. */
export const replayVerb = (shell: Shell): Command =>
  verb(shell, "replay", "decide again from the log as it was, and compare", async (session, decisionIds) => {
    const replayed: Replayed[] = [];
    for (const decisionId of decisionIds) {
      replayed.push(await session.client.call(replayDecision, { params: { decisionId } }));
    }
    session.answerList(replayed, () => replayed.map((one) => textOf(one, session)).join(""));
    const different = replayed.filter(({ matches }) => !matches).length;
    if (different === 0) return;
    throw new Failure(exitCodes.refused, session.say("replaysDiffer", { count: String(different) }), {});
  }).argument("<decisionId...>", "one or more decisions");

function textOf({ decisionId, matches, differences }: Replayed, { say, shell }: Session): string {
  if (matches) return `${say("matches", { id: decisionId })}\n`;
  const head = [
    { heading: `  ${say("where")}` },
    { heading: say("recorded") },
    { heading: say("replayed"), wide: true },
  ];
  const rows = differences.map((one) => [
    `  ${one.pointer}`,
    short(JSON.stringify(one.recorded)),
    JSON.stringify(one.replayed) ?? "–",
  ]);
  const heading = say("differs", { id: decisionId, count: String(differences.length) });
  return `${heading}\n${table(head, rows, shell.columns)}`;
}

const short = (text = "–"): string => (text.length > 24 ? `${text.slice(0, 23)}…` : text);
