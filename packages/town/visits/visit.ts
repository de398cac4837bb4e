import type { Chance } from "@trato/base";
import type { DecisionContext } from "@trato/contract";
import type { Need } from "../homes/household.ts";
import type { CartLine, Life } from "../homes/life.ts";
import type { Member, VisitChannel } from "../homes/member.ts";
import type { Scribe } from "./scribe.ts";

/** A need that is due or nearly so, with what one draw says about both worlds. */
export type Wanted = {
  readonly place: number;
  readonly need: Need;
  /** What they would take when nothing else is shown. */
  readonly sku: string;
  readonly isOverdue: boolean;
  readonly wouldBuyUnshown: boolean;
  readonly wouldBuyShown: boolean;
  readonly addedChance: number;
};

/** A decision the visit asks for. */
export type Ask = {
  readonly placement: string;
  readonly identities: Readonly<Record<string, string>>;
  readonly context: DecisionContext;
  /** So many of the things shown are really looked at. */
  readonly depth: number;
};

/** Somebody is on the site, in the app or at a till. Everything but what they are shown is settled. */
export type Visit = {
  readonly life: Life;
  readonly member: Member;
  readonly intent: "shop" | "look";
  readonly channel: VisitChannel;
  readonly startMs: number;
  readonly endMs: number;
  readonly draw: Chance;
  readonly scribe: Scribe;
  readonly wanted: readonly Wanted[];
  /** Bought without being needed. */
  readonly treats: readonly CartLine[];
  readonly looksAt: readonly string[];
  readonly leavesCart: boolean;
  readonly isNamed: boolean;
  readonly asks: readonly Ask[];
};

/** What they put in the basket when nothing is shown. */
export function plainBasket(visit: Pick<Visit, "wanted" | "treats">): CartLine[] {
  const needed = visit.wanted.filter((one) => one.wouldBuyUnshown);
  return [...needed.map((one) => ({ sku: one.sku, quantity: one.need.quantity })), ...visit.treats];
}
