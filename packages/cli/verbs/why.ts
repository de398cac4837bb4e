import { type DecisionWhy, explainDecision } from "@trato/contract";
import type { Command } from "commander";
import { figuresIn } from "../figures.ts";
import type { Session } from "../session.ts";
import type { Shell } from "../shell.ts";
import { table, wrap } from "../table.ts";
import { verb } from "../verb.ts";

/** `trato why`: the parts of every score, who was refused and why, and what the decision rested on. */
export const whyVerb = (shell: Shell): Command =>
  verb(shell, "why", "explain a decision", async (session, [decisionId = ""]) => {
    const why = await session.client.call(explainDecision, { params: { decisionId } });
    session.answer(why, () => textOf(why, session));
  }).argument("<decisionId>", "as `trato decide` printed it");

function textOf(why: DecisionWhy, session: Session): string {
  const { language, say, shell } = session;
  const consent = `personalise ${why.consent.personalise}, marketing ${why.consent.marketing}`;
  return [
    `${say("decision", { id: why.decisionId })}\n`,
    `${why.placement}, ${why.decidedAt}, ${why.basis}\n`,
    wrap(why.disclosure[language], "", shell.columns),
    `${say("consent")}: ${consent}\n`,
    ...why.shown.map((one) => shownText(one, session)),
    why.shown.length === 0 ? `\n${say("noItems")}\n` : "",
    refusedText(why, session),
    outrankedText(why, session),
    explorationText(why, session),
    `\n${versionsText(why, session)}`,
  ].join("");
}

function shownText(item: DecisionWhy["shown"][number], { language, say, shell }: Session): string {
  const { whole } = figuresIn(language);
  const head = [
    { heading: `   ${say("part")}`, wide: true },
    { heading: say("value"), align: "right" },
    { heading: say("without"), align: "right" },
  ] as const;
  const rows = item.parts.map((one) => [
    `   ${one.says[language]}`,
    whole(one.value),
    whole(one.scoreWithout),
  ]);
  return [
    `\n${item.rank}. ${item.title[language]} (${item.key}): ${whole(item.score)}\n`,
    wrap(item.reason[language], "   ", shell.columns),
    table(head, rows, shell.columns),
  ].join("");
}

function refusedText({ refused }: DecisionWhy, { language, say, shell }: Session): string {
  const count = refused.reduce((sum, one) => sum + one.count, 0);
  const heading = `\n${say("refused", { count: String(count) })}\n`;
  if (refused.length === 0) return heading;
  const head = [
    { heading: say("count"), align: "right" },
    { heading: say("reason") },
    { heading: say("what"), wide: true },
  ] as const;
  const rows = refused.map((one) => [String(one.count), one.says[language], one.keys.join(" ")]);
  return heading + table(head, rows, shell.columns);
}

function outrankedText({ outranked }: DecisionWhy, { say }: Session): string {
  const next = outranked.next[0]?.key ?? "–";
  return `\n${say("outranked", { count: String(outranked.count), next })}\n`;
}

function explorationText({ exploration }: DecisionWhy, { language, say, shell }: Session): string {
  const values = {
    share: figuresIn(language).percent(exploration.share),
    among: String(exploration.among),
    did: say(exploration.explored ? "didExplore" : "didNotExplore"),
  };
  return wrap(say("explored", values), "", shell.columns);
}

function versionsText({ versions, position, seed }: DecisionWhy, { say, shell }: Session): string {
  const all = { ...versions, position, seed: String(seed) };
  const listed = Object.entries(all).map(([name, value]) => `${name}=${value}`);
  return wrap(listed.join(" "), `${say("versions")}: `, shell.columns);
}
