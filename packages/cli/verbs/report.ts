import { type Report, readReport } from "@trato/contract";
import type { Command } from "commander";
import { figuresIn } from "../figures.ts";
import { currencyCode, dayOrTime } from "../options.ts";
import type { Session } from "../session.ts";
import type { Shell } from "../shell.ts";
import { table, wrap } from "../table.ts";
import { verb } from "../verb.ts";

type Wanted = { from?: string; to?: string; currency?: Report["currency"] & string };

/** `trato report`: did choosing for each person help, compared with the holdout? */
export function reportVerb(shell: Shell): Command {
  const command = verb(
    shell,
    "report",
    "compare people who were decided for with the holdout",
    async (session) => {
      const { from, to: until, currency } = command.opts<Wanted>();
      const query = {
        ...(from === undefined ? {} : { from }),
        ...(until === undefined ? {} : { until }),
        ...(currency === undefined ? {} : { currency }),
      };
      const report = await session.client.call(readReport, { query });
      session.answer(report, () => textOf(report, session));
    },
  );
  return command
    .option("--from <day>", "from this day or time on (default: 30 days ago)", dayOrTime)
    .option("--to <day>", "until before this day or time (default: now)", dayOrTime)
    .option("--currency <code>", "which money to compare (default: the one with most orders)", currencyCode)
    .addHelpText("after", "\nExample: trato report --from 2026-10-01 --to 2026-11-01 --currency USD");
}

function textOf(report: Report, session: Session): string {
  const { language, say, shell } = session;
  return [
    `${say("period", { from: minuteOf(report.from), until: minuteOf(report.until), currency: report.currency ?? "–" })}\n\n`,
    armsTable(report, session),
    "\n",
    differencesTable(report, session),
    "\n",
    wrap(report.says[language], "", shell.columns),
  ].join("");
}

const minuteOf = (instant: string): string => instant.slice(0, 16).replace("T", " ");

function armsTable({ arms, currency }: Report, { language, say, shell }: Session): string {
  const { whole, percent, money } = figuresIn(language);
  const share = (rate: number | null) => (rate === null ? "–" : percent(rate));
  const right = (heading: string) => ({ heading, align: "right" as const });
  const head = [
    { heading: say("who"), wide: true },
    ...[say("people"), say("decisions"), say("seen"), say("clicks"), say("buyers"), say("perPerson")].map(
      right,
    ),
  ];
  const rows = arms.map((arm) => [
    arm.words[language],
    whole(arm.people),
    whole(arm.decisions),
    whole(arm.exposures),
    whole(arm.clicks),
    share(arm.buyerRate),
    arm.revenuePerPersonMinor === null || currency === null
      ? "–"
      : money(Math.round(arm.revenuePerPersonMinor), currency),
  ]);
  return table(head, rows, shell.columns);
}

type Difference = Report["differences"]["buyerRate"];

function differencesTable({ differences, currency }: Report, { language, say, shell }: Session): string {
  const { percent, money } = figuresIn(language);
  const asMoney = (minor: number) => (currency === null ? "–" : money(Math.round(minor), currency));
  const row = (name: string, found: Difference, write: (value: number) => string) =>
    found === null
      ? [name, "–", "–", "–"]
      : [
          name,
          write(found.difference),
          `${write(found.low)} … ${write(found.high)}`,
          found.lift === null ? "–" : percent(found.lift),
        ];
  const head = [
    { heading: say("difference"), wide: true },
    { heading: say("treatedLessHoldout"), align: "right" },
    { heading: "95 %", align: "right" },
    { heading: say("lift"), align: "right" },
  ] as const;
  const rows = [
    row(say("revenuePerPerson"), differences.revenuePerPersonMinor, asMoney),
    row(say("buyerRate"), differences.buyerRate, percent),
    row(say("conversionRate"), differences.conversionRate, percent),
  ];
  return table(head, rows, shell.columns);
}
