import { basename } from "node:path";
import { currencyScale, isCurrency } from "@trato/base";
import { figuresIn } from "../figures.ts";
import type { Session } from "../session.ts";
import { table, wrap } from "../table.ts";
import { formatMicros, microsPerMinor, writeMicros } from "./amount.ts";
import { fates } from "./line.ts";
import type { Imported, ImportOptions } from "./run.ts";
import { holdsAll } from "./sender.ts";
import { reconciles, type Sum, sumOf } from "./totals.ts";

/** The report as one document. Amounts are exact decimal texts; `roundingDifference` is sent less exact. */
export function reportDocument(done: Imported, options: ImportOptions, tookMs: number) {
  const { totals, acknowledged, orders, linked, unlinked, resumedAt, consents, items, customers } = done;
  const perMinor = perMinorOf(options);
  const written = ({ lines, micros, minor }: Sum, isSent: boolean) => ({
    lines,
    amount: writeMicros(micros),
    ...(isSent ? { roundingDifference: writeMicros(minor * perMinor - micros) } : {}),
  });
  return {
    file: basename(options.path),
    mapping: options.mapping.name,
    currency: options.mapping.currency,
    lines: totals.file.lines,
    orders,
    customers,
    fates: Object.fromEntries(
      fates.map((fate) => [fate, written(totals.byFate[fate], fate !== "quarantined")]),
    ),
    total: written(sumOf(totals), false),
    fileTotal: { ...written(totals.file, false), linesWithoutAmount: totals.file.withoutAmount },
    reconciles: reconciles(totals),
    returns: { linked, unlinked },
    acknowledged: { ...acknowledged, agrees: holdsAll(acknowledged) },
    resumedAtGroup: resumedAt,
    consents,
    items,
    tookMs: Math.round(tookMs),
  };
}

/** The report as people read it. */
export function reportText(done: Imported, options: ImportOptions, tookMs: number, session: Session): string {
  const { whole, fixed } = figuresIn(session.language);
  const heading = session.say("imported", {
    file: basename(options.path),
    lines: whole(done.totals.file.lines),
    orders: whole(done.orders),
    seconds: fixed(tookMs / 1_000, 1),
    rate: whole(Math.round((1_000 * done.totals.file.lines) / tookMs)),
  });
  return [
    wrap(heading, "", session.shell.columns),
    "\n",
    fatesTable(done, options, session),
    "\n",
    ...[fileLine, returnsLine, hubLine, consentLines, itemsLine].flatMap((line) =>
      line(done, options, session).map((text) => wrap(text, "", session.shell.columns)),
    ),
  ].join("");
}

function perMinorOf({ mapping: { currency } }: ImportOptions): bigint {
  return microsPerMinor(isCurrency(currency) ? currencyScale[currency] : 2);
}

function fatesTable({ totals }: Imported, options: ImportOptions, { say, language, shell }: Session): string {
  const { whole } = figuresIn(language);
  const perMinor = perMinorOf(options);
  const head = [
    { heading: say("fate"), wide: true },
    { heading: say("lines"), align: "right" },
    { heading: options.mapping.currency, align: "right" },
    { heading: say("rounding"), align: "right" },
  ] as const;
  const row = (name: string, sum: Sum, isSent: boolean) => [
    name,
    whole(sum.lines),
    formatMicros(sum.micros, language),
    isSent ? formatMicros(sum.minor * perMinor - sum.micros, language) : "–",
  ];
  const rows = fates.map((fate) => row(say(`fate_${fate}`), totals.byFate[fate], fate !== "quarantined"));
  return table(head, [...rows, row(say("total"), sumOf(totals), false)], shell.columns);
}

type Lines = (done: Imported, options: ImportOptions, session: Session) => string[];

const fileLine: Lines = ({ totals }, { mapping }, { say, language }) => {
  const { whole } = figuresIn(language);
  const values = {
    lines: whole(totals.file.lines),
    amount: `${formatMicros(totals.file.micros, language)} ${mapping.currency}`,
    yes: say(reconciles(totals) ? "yes" : "no"),
  };
  const without = say("withoutAmount", { count: whole(totals.file.withoutAmount) });
  return [say("fileTotal", values), ...(totals.file.withoutAmount === 0 ? [] : [without])];
};

const returnsLine: Lines = ({ linked, unlinked }, _, { say, language }) => {
  const { whole } = figuresIn(language);
  return [say("returnsLinked", { linked: whole(linked), all: whole(linked + unlinked) })];
};

const hubLine: Lines = ({ acknowledged, resumedAt }, _, { say, language }) => {
  const { whole } = figuresIn(language);
  const { events, asides } = acknowledged;
  const values = {
    events: whole(events.sent),
    applied: whole(events.applied),
    repeat: whole(events.repeat),
    asides: whole(asides.sent),
    kept: whole(asides.quarantined + asides.repeat),
    yes: say(holdsAll(acknowledged) ? "yes" : "no"),
  };
  const refused =
    events.quarantined === 0 ? [] : [say("hubQuarantined", { count: whole(events.quarantined) })];
  const erased = events.erased === 0 ? [] : [say("hubErased", { count: whole(events.erased) })];
  const resumed = resumedAt === 0 ? [] : [say("resumed", { count: whole(resumedAt) })];
  return [say("hubHas", values), ...refused, ...erased, ...resumed];
};

const consentLines: Lines = ({ consents, customers }, _, { say, language }) => {
  const { whole } = figuresIn(language);
  const recorded = consents.map(({ purpose, people, tally }) =>
    say("consentRecorded", {
      purpose,
      people: whole(people),
      applied: whole(tally.applied),
      repeat: whole(tally.repeat),
    }),
  );
  if (customers === 0 || consents.some(({ purpose }) => purpose === "personalise")) return recorded;
  return [...recorded, say("nobodyPersonalised")];
};

const itemsLine: Lines = ({ items }, _, { say, language }) => {
  const { whole } = figuresIn(language);
  const { created, changed, unchanged, refused } = items;
  const values = {
    created: whole(created),
    changed: whole(changed),
    unchanged: whole(unchanged),
    refused: whole(refused),
  };
  return [say("itemsTold", values)];
};
