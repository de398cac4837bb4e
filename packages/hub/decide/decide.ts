import { assert, chance, hash32 } from "@trato/base";
import { arbitrate } from "./arbitrate.ts";
import { readFacts } from "./facts.ts";
import { gather } from "./gather.ts";
import type { Clicked, SeenProfile } from "./needs.ts";
import { gateOf, qualifyItems, qualifyOffers } from "./qualify.ts";
import {
  codeVersion,
  consentRecord,
  type DecisionRecord,
  type DecisionRequest,
  requestRecord,
  shownRecord,
} from "./record.ts";
import { Refusals } from "./refusals.ts";
import { score } from "./score.ts";
import type { PlacementShelf, Shelf } from "./shelf.ts";
import { visitOf } from "./visit.ts";

export type DecideInput = {
  readonly decisionId: string;
  readonly nowMs: number;
  /** Names a placement of the shelf. */
  readonly request: DecisionRequest;
  /** Null when nobody is known. */
  readonly profile: SeenProfile | null;
  readonly shelf: Shelf;
  /** Offers whose budget is spent. */
  readonly spent: ReadonlySet<string>;
  /** Items that cannot be promised at this instant. */
  readonly soldOut: ReadonlySet<string>;
  /** What those who looked at these, oldest first, look at next, at this instant; nothing when left out. */
  readonly clicked?: (recent: readonly string[]) => readonly Clicked[];
  /** The version of the fold that made the profile. */
  readonly foldVersion: string;
};

/** The seed of a decision's only chance: the same decision draws the same. */
export function seedOf(decisionId: string): number {
  return hash32(`trato.decision/${decisionId}`);
}

/**
 * Decides what to show. Pure: the same input gives a record with the same JSON text, on every machine.
 * gather → qualify → score → arbitrate → record; offers qualify first, because they bring items of their own.
 *
 * Cost: under 100 µs with 10,000 items and 500 offers; nothing in it grows with the catalogue.
 */
export function decide(input: DecideInput): DecisionRecord {
  const { decisionId, nowMs, request, profile, shelf } = input;
  const here = shelf.placements.get(request.placement);
  assert(here !== undefined, "the placement is on the shelf");
  const { placement } = here;
  const facts = readFacts({
    nowMs,
    profile,
    placement,
    context: request.context ?? {},
    policy: shelf.policy,
  });
  const gate = gateOf(facts, placement, shelf.policy);
  const spent = spentHere(here, input.spent);
  const refusals = new Refusals();

  const atHand = qualifyOffers({ facts, shelf, here, gate, spent: new Set(spent) }, refusals);
  const visit = visitOf(facts);
  const clicked = visit === null ? noClicks : (input.clicked?.(visit.recent) ?? noClicks);
  const candidates = gather(facts, shelf, atHand.best, { visit, clicked });
  const items = qualifyItems(candidates, { facts, here, gate, soldOut: input.soldOut }, refusals);
  const { cards, leftOut } = score({ facts, policy: shelf.policy, here, atHand, items }, refusals);
  const seed = seedOf(decisionId);
  const slots = Math.min(request.limit ?? placement.slotsMax, placement.slotsMax, gate.room);
  const slate = arbitrate({ cards, slots, policy: shelf.policy, draw: chance(seed) }, refusals);

  return {
    decisionId,
    decidedAtMs: nowMs,
    freshUntilMs: nowMs + shelf.policy.freshMs,
    request: requestRecord(request),
    personId: profile?.personId ?? null,
    members: profile?.members ?? [],
    position: profile?.position ?? "0",
    basis: facts.basis,
    consent: consentRecord(facts),
    seed,
    versions: {
      code: codeVersion,
      policy: shelf.policyVersion,
      fold: input.foldVersion,
      scores: shelf.scores.version,
      catalogue: shelf.catalogue.version,
      offers: shelf.offers.version,
    },
    spent,
    soldOut: [...input.soldOut].sort(),
    ...(clicked.length === 0 ? {} : { clicked }),
    exploration: { share: shelf.policy.explorationShare, among: slate.among, explored: slate.explored },
    shown: slate.placed.map(shownRecord),
    refused: refusals.list(),
    next: slate.next.map((card) => [card.key, card.score] as const),
    counts: {
      items: candidates.length,
      offers: here.offers.length,
      refused: refusals.total,
      outranked: slate.outranked,
      leftOut,
    },
  };
}

const noClicks: readonly Clicked[] = [];

/** The offers of this placement whose budget is spent: the record names them, because no log position tells. */
function spentHere(here: PlacementShelf, spent: ReadonlySet<string>): string[] {
  if (spent.size === 0) return [];
  return here.offers.filter((one) => spent.has(one.offer.id)).map((one) => one.offer.id);
}
