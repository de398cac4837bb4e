import { type Currency, currencyScale } from "@trato/base";
import { type Static, Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { type Words, words } from "../words.ts";
import { instant } from "./shapes.ts";

/** How people were decided for. Only `treated` and `holdout` are compared; who is in which was left to chance. */
export const reportArms = {
  treated: { es: "Se eligió para cada persona", en: "Chosen for each person" },
  holdout: { es: "Grupo de control: lo mismo para todos", en: "Holdout: the same for everybody" },
  mixed: {
    es: "Estuvieron en los dos grupos antes de saber que son la misma persona",
    en: "Were in both groups before they were known to be one person",
  },
  other: { es: "Sin permiso para usar sus datos", en: "Have not allowed the use of their data" },
} as const satisfies Record<string, Words>;
export type ReportArm = keyof typeof reportArms;

/** What the comparison of revenue per person comes to. */
export const reportVerdicts = ["more", "less", "unclear", "too_few", "nothing_to_compare"] as const;
export type ReportVerdict = (typeof reportVerdicts)[number];

/** `too_few`: fewer than 30 people in an arm. `few_buyers`: fewer than 10 who bought. The intervals are then rough. */
export const reportFlags = ["too_few", "few_buyers"] as const;
export type ReportFlag = (typeof reportFlags)[number];

const count = Type.Integer({ minimum: 0 });
const rate = Type.Union([Type.Number(), Type.Null({ description: "Nobody is in this arm." })]);
const currencyCode = Type.Enum(Object.keys(currencyScale) as Currency[]);
const day = "\\d{4}-\\d{2}-\\d{2}";
export const instantOrDay = Type.String({
  pattern: `^${day}(T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,9})?)?(Z|[+-]\\d{2}:\\d{2}))?$`,
  description: "RFC 3339 with an offset, or a day (UTC). A + is written %2B.",
});

const arm = Type.Object({
  arm: Type.Enum(Object.keys(reportArms) as ReportArm[]),
  words,
  people: count,
  decisions: count,
  exposures: Type.Integer({
    minimum: 0,
    description: "Things seen; one seen twice for one decision is one.",
  }),
  clicks: count,
  conversions: Type.Integer({
    minimum: 0,
    description: "Lines of orders whose item was seen at most 7 days before, and outcomes that say so.",
  }),
  converted: Type.Integer({ minimum: 0, description: "People with at least one conversion." }),
  conversionRate: rate,
  orders: Type.Integer({ minimum: 0, description: "Orders in the currency, cancelled ones left out." }),
  buyers: Type.Integer({ minimum: 0, description: "People with at least one such order." }),
  buyerRate: rate,
  revenueMinor: Type.Integer({ description: "What is left of those orders after returns." }),
  revenuePerPersonMinor: rate,
});

/** Treated less holdout, with the interval that holds the true difference 95 times in 100. */
const difference = Type.Object({
  difference: Type.Number(),
  low: Type.Number(),
  high: Type.Number(),
  lift: Type.Union([
    Type.Number({ description: "The difference as a share of the holdout's figure: 0.1 is 10 % more." }),
    Type.Null({ description: "The holdout's figure is not above zero." }),
  ]),
});
const maybeDifference = Type.Union([
  difference,
  Type.Null({ description: "An arm has fewer than two people." }),
]);

export const report = Type.Object({
  from: instant,
  until: instant,
  currency: Type.Union([currencyCode, Type.Null({ description: "Nobody compared has bought anything." })]),
  currencies: Type.Array(
    Type.Object({ currency: currencyCode, orders: count, revenueMinor: Type.Integer() }),
    { description: "Of the people compared, most orders first." },
  ),
  arms: Type.Array(arm),
  level: Type.Literal(0.95),
  differences: Type.Object({
    revenuePerPersonMinor: maybeDifference,
    conversionRate: maybeDifference,
    buyerRate: maybeDifference,
  }),
  verdict: Type.Enum([...reportVerdicts]),
  flags: Type.Array(Type.Enum([...reportFlags])),
  says: words,
  counters: Type.Object({
    nobodysDecisions: Type.Integer({ minimum: 0, description: "Decisions for nobody in particular." }),
    peopleGone: Type.Integer({ minimum: 0, description: "Ids decided for that were erased since." }),
  }),
});
export type Report = Static<typeof report>;

const exampleArm = {
  arm: "treated" as const,
  words: reportArms.treated,
  people: 9_500,
  decisions: 41_200,
  exposures: 120_300,
  clicks: 6_100,
  conversions: 2_310,
  converted: 1_995,
  conversionRate: 0.21,
  orders: 3_800,
  buyers: 2_945,
  buyerRate: 0.31,
  revenueMinor: 12_160_000,
  revenuePerPersonMinor: 1_280,
};

export const readReport = endpoint({
  name: "readReport",
  method: "GET",
  path: "/v1/report",
  tag: "measure",
  says: "Compares people who were decided for with the holdout: decisions, exposures, conversions and revenue.",
  more: "Everybody with at least one decision in the period counts in the arm they were put in by chance, whether they saw or bought anything or not, and from their first decision on. An order is worth what is left of it after the returns known today. A conversion needs something seen, and showing people what they would have bought anyway makes more of them: judge by revenue per person. Without a period, the last 30 days; without a currency, the one with most orders.",
  needs: "measure:read",
  query: Type.Object({
    from: Type.Optional(instantOrDay),
    until: Type.Optional(instantOrDay),
    currency: Type.Optional(currencyCode),
  }),
  gives: report,
  problems: ["request_invalid", "overloaded"],
  example: {
    query: { from: "2026-10-01", until: "2026-11-01", currency: "USD" },
    gives: {
      from: "2026-10-01T00:00:00.000Z",
      until: "2026-11-01T00:00:00.000Z",
      currency: "USD",
      currencies: [{ currency: "USD", orders: 3_980, revenueMinor: 12_710_000 }],
      arms: [
        exampleArm,
        {
          ...exampleArm,
          arm: "holdout",
          words: reportArms.holdout,
          people: 500,
          decisions: 2_100,
          exposures: 6_200,
          clicks: 240,
          conversions: 81,
          converted: 75,
          conversionRate: 0.15,
          orders: 180,
          buyers: 145,
          buyerRate: 0.29,
          revenueMinor: 550_000,
          revenuePerPersonMinor: 1_100,
        },
      ],
      level: 0.95,
      differences: {
        revenuePerPersonMinor: { difference: 180, low: 12.4, high: 347.6, lift: 0.164 },
        conversionRate: { difference: 0.06, low: 0.026, high: 0.089, lift: 0.4 },
        buyerRate: { difference: 0.02, low: -0.022, high: 0.059, lift: 0.069 },
      },
      verdict: "more",
      flags: [],
      says: {
        es: "Elegir para cada persona trajo 1.80 USD más por persona que mostrar a todos lo mismo: +16.4 %. Con 95 % de confianza, entre 0.12 y 3.48 USD más.",
        en: "Choosing for each person brought 1.80 USD more per person than showing everybody the same: +16.4 %. With 95 % confidence, between 0.12 and 3.48 USD more.",
      },
      counters: { nobodysDecisions: 1_204, peopleGone: 2 },
    },
  },
});
