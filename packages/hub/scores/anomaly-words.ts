import type { Words } from "@trato/contract";
import type { Strange } from "./training/family.ts";

const weekdays = {
  en: ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
  es: ["domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"],
} as const;

export const dayOf = ({ dayMs }: Pick<Strange, "dayMs">): string =>
  new Date(dayMs).toISOString().slice(0, 10);

/** What was strange about a day, in a sentence of each language. */
export function wordsOf(one: Strange): Words {
  const { seen, low, high, expected } = one;
  const weekday = new Date(one.dayMs).getUTCDay();
  const [lowest, highest, usually] = [low, high, expected].map(Math.round);
  const where = whereOf(one);
  const orders =
    seen === 1 ? { en: "1 order", es: "1 pedido" } : { en: `${seen} orders`, es: `${seen} pedidos` };
  const en = `${where.en}: ${orders.en} on ${weekdays.en[weekday]} ${dayOf(one)}`;
  const es = `${where.es}: ${orders.es} el ${weekdays.es[weekday]} ${dayOf(one)}`;
  if (seen < low || seen > high) {
    return {
      en: `${en}, where ${lowest} to ${highest} are usual.`,
      es: `${es}; lo usual es de ${lowest} a ${highest}.`,
    };
  }
  return {
    en: `${en}. Not rare by itself (${usually} were expected), but it does not follow from the days before.`,
    es: `${es}. No es raro en sí (se esperaban ${usually}), pero no sigue a los días anteriores.`,
  };
}

function whereOf({ place, channel, isAll }: Strange): Words {
  if (isAll) return { en: "Everywhere", es: "En total" };
  if (place === "" && channel === "") return { en: "Without place or channel", es: "Sin lugar ni canal" };
  if (channel === "") return { en: place, es: place };
  return place === ""
    ? { en: channel, es: channel }
    : { en: `${place}, ${channel}`, es: `${place}, ${channel}` };
}
