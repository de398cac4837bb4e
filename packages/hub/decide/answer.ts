import {
  allRefusalReasons,
  bases,
  type DecidedItem,
  type DecisionAnswer,
  type DecisionWhy,
  refusalReasons,
  scoreParts,
} from "@trato/contract";
import { counterfactuals, isPersonalised, type Lookup, shopperReason } from "./explain.ts";
import type { DecisionRecord, ShownRecord } from "./record.ts";

const instant = (ms: number): string => new Date(ms).toISOString();

/** What the caller is told. Made of the record alone, so that reading a decision later gives the same answer. */
export function answerOf(record: DecisionRecord, lookup: Lookup): DecisionAnswer {
  const items = record.shown.map((shown, i) => itemOf(shown, i + 1, record, lookup));
  return {
    decisionId: record.decisionId,
    decidedAt: instant(record.decidedAtMs),
    expiresAt: instant(record.freshUntilMs),
    personId: record.personId,
    placement: record.request.placement,
    basis: record.basis,
    personalised: items.some((item) => item.personalised),
    holdout: record.basis === "holdout",
    aiInvolved: true,
    disclosure: bases[record.basis],
    items,
    refusedCount: record.counts.refused,
    ...(record.promise === undefined
      ? {}
      : { hold: { holdId: record.promise.holdId, expiresAt: instant(record.promise.expiresMs) } }),
  };
}

function itemOf(shown: ShownRecord, rank: number, record: DecisionRecord, lookup: Lookup): DecidedItem {
  const item = shown.sku === undefined ? undefined : lookup.item(shown.sku);
  const offer = shown.offerId === undefined ? undefined : lookup.offer(shown.offerId);
  const isOffer = shown.key.startsWith("offer:");
  const unnamed = { es: shown.key, en: shown.key };
  return {
    rank,
    key: shown.key,
    kind: (isOffer ? offer?.kind : item?.kind) ?? "product",
    ...(shown.sku === undefined ? {} : { sku: shown.sku }),
    ...(shown.offerId === undefined ? {} : { offerId: shown.offerId }),
    title: item?.title ?? offer?.text ?? unnamed,
    ...(offer === undefined ? {} : { text: offer.text }),
    ...(item === undefined
      ? {}
      : { priceMinor: record.prices?.[item.sku] ?? item.priceMinor, currency: item.currency }),
    reason: shopperReason(shown, lookup),
    personalised: isPersonalised(shown, record, lookup),
    score: shown.score,
    propensity: shown.propensity,
  };
}

/** The whole explanation, for staff and for whoever must account for the decision. */
export function whyOf(record: DecisionRecord, lookup: Lookup): DecisionWhy {
  const answer = answerOf(record, lookup);
  return {
    decisionId: record.decisionId,
    decidedAt: answer.decidedAt,
    personId: record.personId,
    placement: answer.placement,
    basis: record.basis,
    disclosure: answer.disclosure,
    aiInvolved: true,
    consent: record.consent,
    shown: record.shown.map((shown, i) => ({
      ...answer.items[i]!,
      parts: shown.parts.map(([part, value, evidence]) => ({
        part,
        value,
        personal: scoreParts[part].personal,
        says: { es: scoreParts[part].es, en: scoreParts[part].en },
        evidence,
        scoreWithout: shown.score - value,
      })),
      counterfactuals: counterfactuals(shown),
    })),
    refused: allRefusalReasons.flatMap((reason) => {
      const listed = record.refused[reason];
      if (listed === undefined) return [];
      const [count, ...keys] = listed;
      return [{ reason, says: refusalReasons[reason], count, keys }];
    }),
    outranked: { count: record.counts.outranked, next: record.next.map(([key, score]) => ({ key, score })) },
    exploration: record.exploration,
    position: record.position,
    seed: record.seed,
    versions: record.versions,
  };
}
