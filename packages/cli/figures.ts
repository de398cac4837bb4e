import { formatMinor, isCurrency } from "@trato/base";
import type { Language } from "./words.ts";

/** Writes figures as the reader's country does: 1,234.5 in English, 1.234,5 in Spanish. */
export type Figures = {
  readonly whole: (value: number | bigint) => string;
  readonly fixed: (value: number, digits: number) => string;
  /** 0.042 as "4.2 %". */
  readonly percent: (share: number, digits?: number) => string;
  readonly money: (minor: number, currency: string) => string;
};

export function figuresIn(language: Language): Figures {
  const locale = language === "es" ? "es-EC" : "en";
  const fixed = (value: number, digits: number) =>
    value.toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return {
    whole: (value) => value.toLocaleString(locale),
    fixed,
    percent: (share, digits = 1) => `${fixed(100 * share, digits)} %`,
    money: (minor, currency) => {
      if (!isCurrency(currency)) return `${minor} ${currency}`;
      const [whole = "", fraction] = formatMinor(Math.abs(minor), currency).split(".");
      const point = language === "es" ? "," : ".";
      const text = BigInt(whole).toLocaleString(locale) + (fraction === undefined ? "" : point + fraction);
      return `${minor < 0 ? "-" : ""}${text} ${currency}`;
    },
  };
}
