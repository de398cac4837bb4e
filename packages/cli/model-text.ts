import type { Model, TrainingOutcome } from "@trato/contract";
import { figuresIn } from "./figures.ts";
import type { Session } from "./session.ts";
import { table, wrap } from "./table.ts";

type Card = Model["card"];
type Measured = NonNullable<Card["measured"]>;
type Forecast = NonNullable<Card["nextPurchase"]>["rhythm"];
type Estimate = Measured["value"];

/** What came of a training: the card of each model it made, and why a family got none. */
export function trainingText(
  outcomes: readonly TrainingOutcome[],
  models: readonly Model[],
  session: Session,
): string {
  const { say, language, shell } = session;
  const texts = outcomes.map(({ family, version, why }) => {
    const model = models.find((one) => one.version === version);
    if (model !== undefined) return modelText(model, session);
    return wrap(say("lacking", { family, why: why[language] }), "", shell.columns);
  });
  return texts.join("\n");
}

/** A model's card as people read it: how it did against doing the obvious, and whether it is in charge. */
export function modelText(model: Model, session: Session): string {
  const { say, language, shell } = session;
  const { whole } = figuresIn(language);
  const { split, measured, nextPurchase, verdict, recipe } = model.card;
  const about = say("trained", {
    ...{ version: model.version, family: model.family, recipe },
    people: whole(model.people),
    orders: whole(model.orders),
    items: whole(model.items),
    days: whole(split.days),
  });
  const why = verdict.why[language];
  const drift = model.drift?.says[language];
  return [
    wrap(model.card.says[language], "", shell.columns),
    wrap(about, "", shell.columns),
    measured === null ? "" : `\n${measuredText(measured, session)}`,
    groupsText(model.card, session),
    nextPurchase == null ? "" : `\n${purchaseText(nextPurchase, session)}`,
    "\n",
    wrap(say(verdict.promoted ? "promoted" : "notPromoted", { why }), "", shell.columns),
    drift === undefined ? "" : wrap(say("drift", { says: drift }), "", shell.columns),
  ].join("");
}

const intervalIn = ({ language }: Session) => {
  const { fixed } = figuresIn(language);
  return ({ mean, low, high }: Estimate) => `${fixed(mean, 3)} (${fixed(low, 3)}–${fixed(high, 3)})`;
};

function measuredText({ name, says, value, rivals }: Measured, session: Session): string {
  const { say, language, shell } = session;
  const interval = intervalIn(session);
  const head = [
    { heading: says[language].replace(/\.$/, ""), wide: true },
    { heading: `${name} (95 %)`, align: "right" },
  ] as const;
  const nameOf = (rival: string) =>
    rival === "popularity" || rival === "repeatLastBasket" ? say(rival) : rival;
  const rows = rivals.map((rival) => [nameOf(rival.name), interval(rival.value)]);
  return table(head, [[say("blend"), interval(value)], ...rows], shell.columns);
}

function groupsText({ groups, leftOut }: Card, session: Session): string {
  if (groups.length + leftOut.length === 0) return "";
  const { say, language, shell } = session;
  const { whole } = figuresIn(language);
  const interval = intervalIn(session);
  const head = [
    { heading: say("group"), wide: true },
    { heading: say("people"), align: "right" },
    { heading: "95 %", align: "right" },
  ] as const;
  const rows = [
    ...groups.map(({ by, is, people, value }) => [`${say(by)} ${is}`, whole(people), interval(value)]),
    ...leftOut.map(({ by, is, people }) => [`${say(by)} ${is}`, whole(people), say("tooFew")]),
  ];
  return `\n${table(head, rows, shell.columns)}`;
}

function purchaseText(found: NonNullable<Card["nextPurchase"]>, { say, language, shell }: Session): string {
  const { fixed, percent } = figuresIn(language);
  const head = [
    { heading: say("timing"), wide: true },
    { heading: say("loss"), align: "right" },
    { heading: say("medianLoss"), align: "right" },
    { heading: say("inside"), align: "right" },
  ] as const;
  const row = (name: "rhythm" | "personMean", { lossDays, medianLossDays }: Forecast, inside: string) => [
    say(name),
    fixed(lossDays, 2),
    fixed(medianLossDays, 2),
    inside,
  ];
  const rows = [
    row("rhythm", found.rhythm, percent(found.coverage80)),
    row("personMean", found.personMean, "–"),
  ];
  return table(head, rows, shell.columns);
}
