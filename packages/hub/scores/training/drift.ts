import type { ModelCard, ModelDrift } from "@trato/contract";
import type { Estimate } from "@trato/predict";

export type Inputs = { readonly bounds: number[]; readonly shares: number[] };

const parts = 10;
/** What nobody was in at first counts as this much, so that the index stays finite. */
const shareMin = 1e-4;

/** Bounds that divide what a model is asked about in ten parts, as far as equal values let them, and their shares. */
export function inputsOf(values: Float64Array): Inputs | null {
  if (values.length === 0) return null;
  const sorted = values.slice().sort();
  const tenths = Array.from(
    { length: parts - 1 },
    (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / parts)]!,
  );
  const bounds = [...new Set(tenths)];
  return { bounds, shares: sharesWithin(values, bounds) };
}

/** The share of the values in each part: below the first bound, from it to below the second, … */
function sharesWithin(values: Float64Array, bounds: readonly number[]): number[] {
  const counts = new Array<number>(bounds.length + 1).fill(0);
  for (const value of values) counts[bounds.findLastIndex((bound) => value >= bound) + 1]! += 1;
  return counts.map((count) => count / values.length);
}

/**
 * How far values have moved from what a model learnt from: the population stability index, the sum over parts of the
 * difference of the shares times the logarithm of their ratio. Source: Siddiqi, "Credit Risk Scorecards", 2006.
 */
export function stabilityOf({ bounds, shares }: Inputs, values: Float64Array): number | null {
  if (values.length === 0) return null;
  const now = sharesWithin(values, bounds);
  return shares.reduce((sum, share, part) => {
    const [then, today] = [Math.max(shareMin, share), Math.max(shareMin, now[part]!)];
    return sum + (today - then) * Math.log(today / then);
  }, 0);
}

const calm = 0.1;
const another = 0.25;

/** What has changed since a model learnt, in figures and in words. */
export function driftOf(given: {
  readonly card: ModelCard;
  readonly inputs: Float64Array;
  readonly since: { readonly people: number; readonly value: Estimate } | null;
  readonly nowMs: number;
}): ModelDrift {
  const { card, inputs, since, nowMs } = given;
  const stability = card.inputs === null ? null : stabilityOf(card.inputs, inputs);
  return {
    measuredAt: new Date(nowMs).toISOString(),
    stability,
    since: since === null ? null : { people: since.people, value: plain(since.value) },
    says: wordsFor(stability, isWorse(card, since?.value ?? null)),
  };
}

const plain = ({ mean, low, high }: Estimate): Estimate => ({ mean, low, high });

/** Worse beyond chance: the two intervals do not meet. */
function isWorse({ measured }: ModelCard, since: Estimate | null): boolean {
  if (measured === null || since === null) return false;
  return measured.better === "more" ? since.high < measured.value.low : since.low > measured.value.high;
}

function wordsFor(stability: number | null, worse: boolean): ModelDrift["says"] {
  if (worse)
    return {
      es: "Acierta menos que cuando se entrenó: conviene entrenar otra vez.",
      en: "It does worse than when it was trained: train again.",
    };
  if (stability === null)
    return { es: "No hay con qué compararlo todavía.", en: "There is nothing to compare it with yet." };
  if (stability < calm)
    return { es: "La tienda es como cuando se entrenó.", en: "The shop is as it was when it was trained." };
  if (stability < another)
    return {
      es: "La tienda ha cambiado algo desde que se entrenó.",
      en: "The shop has changed somewhat since it was trained.",
    };
  return {
    es: "La tienda ha cambiado mucho desde que se entrenó: conviene entrenar otra vez.",
    en: "The shop has changed much since it was trained: train again.",
  };
}
