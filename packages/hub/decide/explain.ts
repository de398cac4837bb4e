import {
  fillWords,
  gapWords,
  type Item,
  type MomentKind,
  momentKinds,
  type Offer,
  type ReasonCode,
  reasonWords,
  type ScorePart,
  scoreParts,
  type Words,
} from "@trato/contract";
import { looksAtPerson } from "./eligible.ts";
import type { DecisionRecord, ShownRecord } from "./record.ts";
import type { Part } from "./score.ts";

/** Items and offers as they were at the versions of a record. */
export type Lookup = {
  item(sku: string): Item | undefined;
  offer(id: string): Offer | undefined;
};

/** The skus and offers whose words an answer to this record needs. */
export function wordsNeeded(record: DecisionRecord): {
  readonly skus: string[];
  readonly offerIds: string[];
} {
  const skus = new Set<string>();
  const offerIds = new Set<string>();
  for (const shown of record.shown) {
    if (shown.sku !== undefined) skus.add(shown.sku);
    if (shown.offerId !== undefined) offerIds.add(shown.offerId);
    const seed = seedOfReason(reasonOf(shown));
    if (seed !== undefined) skus.add(seed);
  }
  return { skus: [...skus], offerIds: [...offerIds] };
}

/** The part that speaks most for what is shown; the first one on a tie. */
function reasonOf(shown: ShownRecord): Part | undefined {
  let strongest: Part | undefined;
  for (const part of shown.parts) {
    if (part[1] > 0 && (strongest === undefined || part[1] > strongest[1])) strongest = part;
  }
  return strongest;
}

/** Splits "view:CAF-500" in its kind and its name; a sku may hold colons. */
function splitEvidence(evidence: string): readonly [kind: string, name: string] {
  const colon = evidence.indexOf(":");
  return colon < 0 ? [evidence, ""] : [evidence.slice(0, colon), evidence.slice(colon + 1)];
}

function seedOfReason(part: Part | undefined): string | undefined {
  if (part === undefined || (part[0] !== "context" && part[0] !== "affinity")) return undefined;
  return splitEvidence(part[2])[1];
}

/** What the shopper is told: the words of the part that speaks most, in Spanish and English. */
export function shopperReason(shown: ShownRecord, lookup: Lookup): Words {
  const part = reasonOf(shown);
  if (part === undefined) return reasonWords.shop;
  const [kind, name] = splitEvidence(part[2]);
  const title = lookup.item(name)?.title;
  switch (part[0]) {
    case "context":
    case "affinity":
      return title === undefined ? reasonWords.shop : fillWords(reasonWords[kind as ReasonCode], { title });
    case "rhythm":
      return kind === "gap"
        ? fillWords(reasonWords.rhythm, { gap: gapWords(Number(name)) })
        : reasonWords.again;
    case "moment":
      return reasonWords[isMomentReason(kind) ? kind : "moment"];
    case "lever":
      return reasonWords.offer;
    case "popularity":
      return kind === "sales" ? reasonWords.popular : reasonWords.shop;
    default:
      return reasonWords.shop;
  }
}

const isMomentReason = (kind: string): kind is MomentKind & ReasonCode =>
  Object.hasOwn(momentKinds, kind) && Object.hasOwn(reasonWords, kind);

/** True when looking at the person changed this card's score, or is what let its offer be shown. */
export function isPersonalised(shown: ShownRecord, record: DecisionRecord, lookup: Lookup): boolean {
  if (record.basis !== "personal") return false;
  if (shown.parts.some(([part]) => scoreParts[part].personal)) return true;
  const offer = shown.offerId === undefined ? undefined : lookup.offer(shown.offerId);
  return offer !== undefined && looksAtPerson(offer);
}

/** "Without X the value would be Y", for the staff's eyes; parts of one name are taken away together. */
export function counterfactuals(shown: ShownRecord): Words[] {
  const byPart = new Map<ScorePart, number>();
  for (const [part, micros] of shown.parts) byPart.set(part, (byPart.get(part) ?? 0) + micros);
  return [...byPart].map(([part, micros]) => {
    const left = shown.score - micros;
    return {
      es: `Sin «${scoreParts[part].es}», su valor sería ${left} en vez de ${shown.score}.`,
      en: `Without "${scoreParts[part].en}", its value would be ${left} instead of ${shown.score}.`,
    };
  });
}
