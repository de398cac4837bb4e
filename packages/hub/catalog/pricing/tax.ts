import { scale, shareOut } from "@trato/base";
import type { Tax } from "@trato/contract";
import { endMs, startMs } from "./price.ts";

const millionth = 1_000_000;
export const standardClass = "standard";

export type TaxRate = {
  readonly id: string;
  readonly placeId: string | null;
  readonly ratePpm: number;
  readonly mode: "included" | "added";
  readonly fromMs: number;
  readonly untilMs: number;
};

/** Rates by "country\nclass". */
export type TaxesView = ReadonlyMap<string, readonly TaxRate[]>;

const keyOf = (country: string, taxClass: string): string => `${country}\n${taxClass}`;

export function indexTaxes(taxes: Iterable<Tax>): TaxesView {
  const index = new Map<string, TaxRate[]>();
  for (const one of [...taxes].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    if (one.withdrawn === true) continue;
    const rate: TaxRate = {
      id: one.id,
      placeId: one.placeId ?? null,
      ratePpm: one.ratePpm,
      mode: one.mode,
      fromMs: startMs(one.from),
      untilMs: endMs(one.until),
    };
    const key = keyOf(one.country, one.taxClass ?? standardClass);
    const there = index.get(key);
    if (there === undefined) index.set(key, [rate]);
    else there.push(rate);
  }
  return index;
}

export type TaxedAt = { readonly country: string; readonly placeId: string | null; readonly atMs: number };

/** The rates in force on a class: those of the place if it has any for this class, else those of the country. */
export function taxesOn(view: TaxesView, taxClass: string, at: TaxedAt): readonly TaxRate[] {
  const rates = (view.get(keyOf(at.country, taxClass)) ?? []).filter(
    ({ fromMs, untilMs }) => fromMs <= at.atMs && at.atMs < untilMs,
  );
  const local = at.placeId === null ? [] : rates.filter(({ placeId }) => placeId === at.placeId);
  return local.length > 0 ? local : rates.filter(({ placeId }) => placeId === null);
}

export type TaxPart = Pick<TaxRate, "ratePpm" | "mode"> & {
  readonly taxId: string;
  readonly amountMinor: number;
};

/**
 * The taxes of lines of one class, each line's in the order of `rates`. A tax is computed on what the lines of the
 * class come to together, rounded half up once, and shared out by the largest remainder, so that the lines add up to
 * what is declared. Rates apply to the amount without tax: 15 % included in 115 is 15. No tax is charged on a tax.
 */
export function taxLines(amounts: readonly number[], rates: readonly TaxRate[]): TaxPart[][] {
  const out: TaxPart[][] = amounts.map(() => []);
  const total = amounts.reduce((sum, amount) => sum + amount, 0);
  const includedPpm = rates.reduce((sum, rate) => sum + (rate.mode === "included" ? rate.ratePpm : 0), 0);
  for (const { id, ratePpm, mode } of rates) {
    const taxMinor = scale(total, { times: ratePpm, per: millionth + includedPpm });
    for (const [i, amountMinor] of shareOut(taxMinor, amounts).entries())
      out[i]!.push({ taxId: id, ratePpm, mode, amountMinor });
  }
  return out;
}
