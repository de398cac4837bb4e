import { dayMs, type JsonObject, type PersonId } from "@trato/base";
import { momentKinds } from "@trato/contract";
import { type FoundMoment, momentIdOf } from "./rules.ts";

/** What a model expects of a person, or of a thing of theirs. */
export type Expected = {
  readonly personId: PersonId;
  readonly subject: string;
  readonly version: string;
  readonly scoredMs: number;
  readonly score: JsonObject;
};

export const scoreRules = {
  /** Who came back less often was hardly a customer yet. */
  repeatsMin: 3,
  /** Above, they are only late; below, it is too late. */
  aliveMax: 0.5,
  aliveMin: 0.05,
  /** Who has been silent for longer than so many of their usual gaps is gone, not leaving. */
  silentGapsMax: 6,
  /** A thing is spoken of so long before it is likely to need care. */
  careLeadMs: 7 * dayMs,
  /** How likely it must be to need care within a month. */
  careChanceMin: 0.25,
} as const;

const number = (score: JsonObject, name: string): number => {
  const value = score[name];
  return typeof value === "number" ? value : Number.NaN;
};

/**
 * Somebody who came regularly and may not come again. `lastOrderMs` is their last purchase as their profile knows it:
 * null before it was looked at. Who came since they were scored is not leaving.
 */
export function findMayLeave(
  expected: Expected,
  lastOrderMs: number | null,
  nowMs: number,
): FoundMoment | null {
  const { score } = expected;
  const [alive, repeats, silentDays] = [
    number(score, "alive"),
    number(score, "repeats"),
    number(score, "silentDays"),
  ];
  if (!(repeats >= scoreRules.repeatsMin) || !isDoubtful(alive)) return null;
  const reason = reasonOf(score, {
    en: `the chance that they are still a customer is ${percent(alive)} %`,
    es: `la probabilidad de que siga siendo cliente es del ${percent(alive)} %`,
  });
  return leaving(expected, { chance: alive, silentDays, reason }, lastOrderMs, nowMs);
}

/**
 * The same, by the chance that they order within the model's horizon: of whoever usually comes more often than that,
 * and has been silent for longer than usual, but not for so long that they are gone. Of others a low chance says
 * nothing; and a chance within days, unlike that of being a customer at all, may be small without being lost.
 */
export function findMayNotReturn(
  expected: Expected,
  lastOrderMs: number | null,
  nowMs: number,
): FoundMoment | null {
  const { score } = expected;
  const [returns, orders, silentDays] = [
    number(score, "returns"),
    number(score, "orders"),
    number(score, "silentDays"),
  ];
  const gaps = silentDays / number(score, "usualGapDays");
  const isLeaving = gaps > 1 && gaps <= scoreRules.silentGapsMax && returns <= scoreRules.aliveMax;
  if (!(orders > scoreRules.repeatsMin) || !isLeaving) return null;
  const horizonDays = number(score, "horizonDays");
  if (!isLeftToChurn(expected, horizonDays)) return null;
  const days = Math.round(horizonDays);
  const reason = reasonOf(score, {
    en: `the chance of an order within ${days} days is ${percent(returns)} %`,
    es: `la probabilidad de un pedido en ${days} días es del ${percent(returns)} %`,
  });
  return leaving(expected, { chance: returns, silentDays, reason }, lastOrderMs, nowMs);
}

/** True of whoever usually comes more often than the horizon of who orders again; null when nobody asks that model. */
export const isLeftToChurn = ({ score }: Pick<Expected, "score">, horizonDays: number | null): boolean =>
  horizonDays !== null && number(score, "usualGapDays") <= horizonDays;

const isDoubtful = (chance: number): boolean =>
  chance >= scoreRules.aliveMin && chance <= scoreRules.aliveMax;

const percent = (chance: number): number => Math.round(100 * chance);

function reasonOf(score: JsonObject, chance: { readonly en: string; readonly es: string }): JsonObject {
  const [gap, silent] = [Math.round(number(score, "usualGapDays")), Math.round(number(score, "silentDays"))];
  return {
    en: `Usually comes every ${gap} days and has been silent for ${silent}; ${chance.en}.`,
    es: `Suele venir cada ${gap} días y lleva ${silent} sin hacerlo; ${chance.es}.`,
  };
}

function leaving(
  { score, personId, scoredMs, version }: Expected,
  of: { readonly chance: number; readonly silentDays: number; readonly reason: JsonObject },
  lastOrderMs: number | null,
  nowMs: number,
): FoundMoment | null {
  const { chance, silentDays, reason } = of;
  if (lastOrderMs !== null && lastOrderMs > scoredMs) return null;
  const lastMs = lastOrderMs ?? Math.round(scoredMs - silentDays * dayMs);
  return {
    momentId: momentIdOf(personId, "may_leave", "person", lastMs),
    personId,
    kind: "may_leave",
    subject: "person",
    windowStartMs: nowMs,
    windowEndMs: nowMs + momentKinds.may_leave.windowMs,
    confidence: Math.round((1 - chance) * 1_000) / 1_000,
    evidence: { lastMs, ...score, reason, modelVersion: version },
  };
}

/** A registered thing that will soon need care. The confidence is the chance of it within a month. */
export function findNeedsCare(
  { score, personId, subject, version }: Expected,
  nowMs: number,
): FoundMoment | null {
  const { careLeadMs, careChanceMin } = scoreRules;
  const [lowMs, highMs] = [number(score, "lowMs"), number(score, "highMs")];
  const [chance, careMs] = [number(score, "chance30"), number(score, "careMs")];
  const { sku } = score;
  if (!(chance >= careChanceMin) || nowMs < lowMs - careLeadMs || typeof sku !== "string") return null;
  const windowStartMs = Math.min(nowMs, Math.floor(lowMs));
  const endMs = Number.isFinite(highMs) ? Math.ceil(highMs) : Number.POSITIVE_INFINITY;
  return {
    momentId: momentIdOf(personId, "needs_care", subject, careMs),
    personId,
    kind: "needs_care",
    subject: sku,
    windowStartMs,
    windowEndMs: Math.max(nowMs + dayMs, Math.min(endMs, nowMs + momentKinds.needs_care.windowMs)),
    confidence: Math.min(1, Math.round(chance * 1_000) / 1_000),
    evidence: { ...score, assetId: subject, modelVersion: version },
  };
}
