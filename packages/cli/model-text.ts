import type { Model } from "@trato/contract";
import { figuresIn } from "./figures.ts";
import type { Session } from "./session.ts";
import { table, wrap } from "./table.ts";

type Card = Model["card"];
type Ranking = NonNullable<Card["nextBasket"]>["blend"];
type Forecast = NonNullable<Card["nextPurchase"]>["rhythm"];

/** A model's card as people read it: how it did against doing the obvious, and whether it is in charge. */
export function modelText(model: Model, session: Session): string {
  const { say, language, shell } = session;
  const { whole } = figuresIn(language);
  const { split, nextBasket, nextPurchase, verdict } = model.card;
  const about = say("trained", {
    version: model.version,
    people: whole(model.people),
    orders: whole(model.orders),
    items: whole(model.items),
    days: whole(split.days),
  });
  const why = verdict.why[language];
  return [
    wrap(about, "", shell.columns),
    nextBasket === null ? "" : `\n${basketText(nextBasket, session)}`,
    nextPurchase === null ? "" : `\n${purchaseText(nextPurchase, session)}`,
    "\n",
    wrap(say(verdict.promoted ? "promoted" : "notPromoted", { why }), "", shell.columns),
  ].join("");
}

function basketText(found: NonNullable<Card["nextBasket"]>, { say, language, shell }: Session): string {
  const { fixed } = figuresIn(language);
  const interval = ({ mean, low, high }: Ranking["recall10"]) =>
    `${fixed(mean, 3)} (${fixed(low, 3)}–${fixed(high, 3)})`;
  const head = [
    { heading: say("ranking"), wide: true },
    { heading: "recall@10 (95 %)", align: "right" },
    { heading: "ndcg@10 (95 %)", align: "right" },
  ] as const;
  const rows = (["blend", "popularity", "repeatLastBasket"] as const).map((name) => [
    say(name),
    interval(found[name].recall10),
    interval(found[name].ndcg10),
  ]);
  return table(head, rows, shell.columns);
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
