import { type Currency, formatMinor } from "@trato/base";
import { fillWords, type ReportVerdict, type Words } from "@trato/contract";
import type { Told } from "./rules.ts";

const verdicts = {
  more: {
    es: "Elegir para cada persona trajo {difference} más por persona que mostrar a todos lo mismo{lift}. Con 95 % de confianza, entre {low} y {high} más.",
    en: "Choosing for each person brought {difference} more per person than showing everybody the same{lift}. With 95 % confidence, between {low} and {high} more.",
  },
  less: {
    es: "Elegir para cada persona trajo {difference} menos por persona que mostrar a todos lo mismo{lift}. Con 95 % de confianza, la diferencia está entre {low} y {high}.",
    en: "Choosing for each person brought {difference} less per person than showing everybody the same{lift}. With 95 % confidence, the difference is between {low} and {high}.",
  },
  unclear: {
    es: "Aún no se puede decir si elegir para cada persona trae más o menos: la diferencia por persona es {difference}, y con 95 % de confianza está entre {low} y {high}, que incluye cero.",
    en: "It cannot be told yet whether choosing for each person brings more or less: the difference per person is {difference}, and with 95 % confidence it is between {low} and {high}, which includes zero.",
  },
  too_few: {
    es: "Todavía hay muy poca gente o muy pocos compradores para juzgar ({treated} personas contra {holdout} del grupo de control). La diferencia por persona hasta ahora es {difference}, entre {low} y {high}, y puede cambiar mucho.",
    en: "There are too few people or too few buyers to judge yet ({treated} people against {holdout} held out). The difference per person so far is {difference}, between {low} and {high}, and may change a lot.",
  },
  nothing_to_compare: {
    es: "No hay con quién comparar en este período: {treated} personas con elección propia y {holdout} del grupo de control.",
    en: "There is nobody to compare with in this period: {treated} people chosen for and {holdout} held out.",
  },
} as const satisfies Record<ReportVerdict, Words>;

/** The verdict on revenue per person as a marketer reads it, in both languages. */
export function saysOf(
  verdict: ReportVerdict,
  figures: {
    readonly revenue: Told;
    readonly currency: string | null;
    readonly treated: number;
    readonly holdout: number;
  },
): Words {
  const { revenue, currency } = figures;
  const money = (minor: number) => moneyWords(Math.round(minor), currency);
  const size = verdict === "more" || verdict === "less" ? Math.abs : (minor: number) => minor;
  return fillWords(verdicts[verdict], {
    treated: String(figures.treated),
    holdout: String(figures.holdout),
    difference: money(size(revenue?.difference ?? 0)),
    low: money(revenue?.low ?? 0),
    high: money(revenue?.high ?? 0),
    lift: liftWords(revenue?.lift ?? null),
  });
}

function moneyWords(minor: number, currency: string | null): string {
  if (currency === null) return String(minor);
  return `${formatMinor(minor, currency as Currency)} ${currency}`;
}

const liftWords = (lift: number | null): string =>
  lift === null ? "" : ` (${lift < 0 ? "−" : "+"}${(Math.abs(lift) * 100).toFixed(1)} %)`;
