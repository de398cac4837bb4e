import { hash32, limits } from "@trato/base";
import { skuOf } from "@trato/contract";
import type { KeptEvent } from "../events/index.ts";
import type { Log } from "../platform/index.ts";
import { chanceAt, nextBy, type SessionRecipe } from "./families/session.ts";
import type { Click } from "./shared-clicks.ts";
import { type Browsed, collectVisits } from "./training/collect-visits.ts";

/** What somebody may look at next, and what that adds to the chance of buying it within the horizon. */
export type Clicked = { readonly sku: string; readonly chance: number };

export type LiveVisits = {
  /** Adds what this hub has just taken in; the very next question knows it. Nothing without a model in charge. */
  hear(events: readonly KeptEvent[]): void;
  /** Adds what another hub has taken in. */
  add(clicks: readonly Click[]): void;
  /** What those who looked at these, oldest first, look at next; the likeliest first. Empty without a model. */
  next(recent: readonly string[]): readonly Clicked[];
  /** Takes the model in charge, if it is another: begins again with what people looked at lately. */
  follow(recipe: SessionRecipe | null): Promise<void>;
};

const heard = new Set(["item.viewed", "cart.item_added"]);

/** An index with room for new items, and the numbers of those it knows. */
type Index = ReturnType<typeof startIndex>;

function startIndex(recipe: SessionRecipe) {
  const numbers = new Map<string, number>();
  const skus: string[] = [];
  const empty = {
    itemCount: limits.sessionItemsMax,
    sessionStart: new Int32Array(1),
    itemOf: new Int32Array(),
  };
  const { model } = nextBy(recipe.recipe, empty, recipe.weights);
  const numberOf = (sku: string): number => {
    const known = numbers.get(sku);
    if (known !== undefined || skus.length === limits.sessionItemsMax) return known ?? -1;
    numbers.set(sku, skus.length);
    return skus.push(sku) - 1;
  };
  const found = new Int32Array(limits.sessionNextMax);
  return {
    recipe,
    add(visit: number, sku: string): void {
      const item = numberOf(sku);
      if (item !== -1) model.add(visit, item);
    },
    next(recent: readonly string[]): Clicked[] {
      const known = recent.flatMap((sku) => numbers.get(sku) ?? []).slice(-limits.sessionRecentMax);
      if (known.length === 0) return [];
      const count = model.predict(known, found);
      return Array.from({ length: count }, (_, rank) => ({
        sku: skus[found[rank]!]!,
        chance: chanceAt(recipe, rank),
      }));
    },
  };
}

/**
 * The index of visits: what everybody looked at lately, whoever they are, in memory that never grows. It names nobody
 * and is not kept: a hub that starts, or is given another model, fills it from what profiles hold of the last days.
 * Each hub hears of what it takes in itself at once, and tells the others (`tell`), who add it.
 */
export function createLiveVisits(needs: {
  readonly log: Log;
  browsed(): AsyncIterable<readonly Browsed[]>;
  /** Handed the clicks of this hub, for the others; not those of before a model took charge. */
  readonly tell: (clicks: readonly Click[]) => void;
}): LiveVisits {
  let index: Index | null = null;
  let wanted: string | null = null;
  const add = (clicks: readonly Click[]): void => {
    for (const [visit, sku] of clicks) index?.add(visit, sku);
  };
  return {
    hear(events) {
      if (index === null) return;
      const clicks = events.flatMap(clickOf);
      add(clicks);
      needs.tell(clicks);
    },
    add,
    next: (recent) => index?.next(recent) ?? [],
    async follow(recipe) {
      const name = recipe === null ? null : JSON.stringify(recipe);
      if (name === wanted) return;
      wanted = name;
      if (recipe === null) {
        index = null;
        return;
      }
      const fresh = startIndex(recipe);
      try {
        const { start, itemOf, skus } = (await collectVisits(needs.browsed())).visits;
        for (let visit = 0; visit + 1 < start.length; visit++) {
          for (const item of itemOf.subarray(start[visit], start[visit + 1]))
            fresh.add(-1 - visit, skus[item]!);
        }
      } catch (cause) {
        needs.log.warn(
          { cause: String(cause) },
          "the index of visits begins empty: profiles could not be read",
        );
      }
      if (wanted === name) index = fresh;
    },
  };
}

function clickOf(event: KeptEvent): Click[] {
  if (!heard.has(event.type)) return [];
  const [sku, visit] = [skuOf(event.data), visitOf(event)];
  return sku === null || visit === null ? [] : [[visit, sku]];
}

/** The same visit has the same number: by its session, else by who it is and the day. */
function visitOf({ session, identities, timeMs }: KeptEvent): number | null {
  if (session !== null) return hash32(session);
  const who = identities[0]?.value;
  return who === undefined ? null : hash32(`${who}/${Math.floor(timeMs / 86_400_000)}`);
}
