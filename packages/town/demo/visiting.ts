import type { DecisionAnswer } from "@trato/contract";
import type { Life } from "../homes/life.ts";
import type { Member } from "../homes/member.ts";
import { beginVisit } from "../visits/begin.ts";
import { count } from "../visits/effect.ts";
import { type Ended, endVisit } from "../visits/end.ts";
import type { WireEvent } from "../visits/scribe.ts";
import type { Shown } from "../visits/shown.ts";
import type { Visit } from "../visits/visit.ts";
import { decisionLine, nameOf, visitLine } from "./lines.ts";
import { decide, type Stage, sendLive } from "./stage.ts";

/** A visit under way: the shop has answered what to show. */
export type Underway = {
  readonly visit: Visit;
  readonly basis: DecisionAnswer["basis"];
  /** As the hub knows them: by name when they are signed in, or were on this device. */
  readonly who: string;
  readonly seen: readonly Shown[];
  readonly endMs: number;
};

/** Somebody arrives: sends how the visit begins and asks for what to show. */
export async function arrive(stage: Stage, life: Life): Promise<Underway> {
  const visit = beginVisit(life, stage.town.tag);
  const { scribe, member, isNamed } = visit;
  const opening = scribe.take();
  tellConsent(stage, visit, opening);
  await sendLive(stage, opening);
  const seen: Shown[] = [];
  let basis: DecisionAnswer["basis"] = "nobody";
  let who = stage.words.somebody;
  for (const ask of visit.asks) {
    const { answer, shown } = await decide(stage, {
      placement: ask.placement,
      context: ask.context,
      ...(Object.keys(ask.identities).length === 0 ? {} : { identities: ask.identities }),
    });
    if (isNamed) stage.who.learn(answer.personId, { life, member });
    keepExample(stage, answer, member);
    basis = answer.basis;
    seen.push(...shown.filter((one) => !seen.some((other) => other.key === one.key)).slice(0, ask.depth));
    if (answer.personId !== null && life.registered.has(member)) who = nameOf(member);
    stage.ticker.happened(
      answer.items.length === 0 ? "quiet" : "decision",
      stage.clock.nowMs(),
      decisionLine(answer, who, stage),
    );
  }
  scribe.resume(stage.clock.nowMs());
  return { visit, basis, who, seen, endMs: scribe.untilMs };
}

/** They are through: sends what they did, and counts what came of what was shown. */
export async function leave(stage: Stage, { visit, basis, who, seen }: Underway): Promise<Ended> {
  const ended = endVisit(visit, { basis, seen });
  await sendLive(stage, ended.events);
  const { result } = stage;
  result.exposures += seen.length;
  result.clicks += ended.clicked.length;
  count(result.truth, ended.outcomes);
  const group = basis === "personal" ? "treated" : basis === "holdout" ? "holdout" : undefined;
  if (group !== undefined && visit.channel !== "pos") {
    result.conversions[group].visits += 1;
    if (ended.bought.length > 0) result.conversions[group].bought += 1;
  }
  const line = visitLine(ended, who, stage);
  if (line !== undefined) stage.ticker.happened(line.kind, stage.clock.nowMs(), line.text);
  return ended;
}

/** A decision to look at afterwards: a personal one, chosen by the person's rhythm if there is such. */
function keepExample({ result }: Stage, answer: DecisionAnswer, member: Member): void {
  if (answer.basis !== "personal" || answer.items.length === 0 || answer.personId === null) return;
  if (result.example !== null && !answer.personalised) return;
  const { decisionId, personId } = answer;
  result.example = { decisionId, personId, email: member.email, firstName: member.firstName };
}

function tellConsent({ ticker, words, clock }: Stage, { member }: Visit, events: readonly WireEvent[]): void {
  for (const type of ["consent.given", "consent.withdrawn"]) {
    const purposes = events.flatMap((one) =>
      one.type === type && "purpose" in one.data ? [one.data.purpose] : [],
    );
    if (purposes.length === 0) continue;
    const verb = type === "consent.given" ? words.gaveConsent : words.tookConsent;
    ticker.happened("consent", clock.nowMs(), `${nameOf(member)} ${verb}: ${purposes.join(", ")}`);
  }
}
