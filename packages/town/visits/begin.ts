import { type Chance, chance, dayMs, hash32, minuteMs, pick } from "@trato/base";
import { between, happens, pickSome, pickWeighted } from "../draw.ts";
import { goodsFor, treatsWith } from "../goods/shelf.ts";
import { type CartLine, type Life, nextVisit } from "../homes/life.ts";
import type { Member, VisitChannel } from "../homes/member.ts";
import { asksOf } from "./asks.ts";
import { chancesOf, effect } from "./effect.ts";
import { identitiesOf, open } from "./opening.ts";
import { createScribe } from "./scribe.ts";
import type { Visit, Wanted } from "./visit.ts";

/** When the household's next visit begins. */
export function nextVisitOf(life: Life): number {
  return Math.min(life.nextShopMs, life.nextLookMs);
}

/**
 * Begins the household's next visit: who comes, where, what they need and would buy, and the first events of it.
 * Changes the life's next visit. Each visit has a seed of its own: what is shown on one changes no chance of another.
 */
export function beginVisit(life: Life, tag: string): Visit {
  const { household } = life;
  const intent = life.nextShopMs <= life.nextLookMs ? "shop" : "look";
  const startMs = nextVisitOf(life);
  const number = life.visits++;
  const draw = chance(hash32(`${household.seed}/visit/${number}`));
  const nextMs = nextVisit(household, draw, { intent, lastMs: startMs });
  if (intent === "shop") life.nextShopMs = nextMs;
  else life.nextLookMs = nextMs;

  const member = pickWeighted(
    draw,
    household.members.map((one) => [one, one.visitWeight] as const),
  );
  const channel = pickChannel(draw, member, intent);
  const endMs = startMs + Math.floor(between(draw, ...minutes[channel]) * minuteMs);
  const isNamed = channel === "app" || happens(draw, member.namedShare);
  const inCart = new Set(channel === "pos" ? [] : life.carts.get(member)?.lines.map((line) => line.sku));
  const wanted = wantedBy(life, draw, { intent, startMs, inCart });
  const idStart = `${tag}-h${household.number}-v${number}`;
  const scribe = createScribe({
    idStart,
    fromMs: startMs,
    untilMs: endMs,
    frame: channel === "pos" ? { channel, store: household.store } : { channel, session: idStart },
  });
  const visit = {
    life,
    member,
    intent,
    channel,
    startMs,
    endMs,
    draw,
    scribe,
    wanted,
    treats: intent === "shop" ? treatsFor(draw, wanted) : [],
    looksAt: channel === "pos" ? [] : curiosity(life, draw, { intent, wanted }),
    leavesCart: channel !== "pos" && happens(draw, member.leavesCartShare * (intent === "shop" ? 1 : 2)),
    isNamed,
  } as const;
  open(visit);
  return { ...visit, asks: asksOf(visit, identitiesOf(visit)) };
}

const minutes: Readonly<Record<VisitChannel, readonly [number, number]>> = {
  web: [4, 14],
  app: [2, 9],
  pos: [1.5, 4],
};

function pickChannel(draw: Chance, member: Member, intent: "shop" | "look"): VisitChannel {
  return pickWeighted(
    draw,
    member.channels.map(
      ([channel, weight]) => [channel, channel === "pos" && intent === "look" ? 0 : weight] as const,
    ),
  );
}

function wantedBy(
  life: Life,
  draw: Chance,
  visit: { readonly intent: "shop" | "look"; readonly startMs: number; readonly inCart: ReadonlySet<string> },
): Wanted[] {
  const wanted: Wanted[] = [];
  for (const [place, need] of life.household.needs.entries()) {
    // Drawn for every need, wanted or not, so that the chances of one do not hang on another.
    const luck = draw();
    const isLoyal = happens(draw, need.loyalty);
    const other = pick(draw, goodsFor(need.name)).sku;
    const dueMs = life.dueMs[place]!;
    if (dueMs > visit.startMs + effect.aheadDays * dayMs) continue;
    // What already lies in the cart is bought with it, shown or not.
    if (goodsFor(need.name).some((good) => visit.inCart.has(good.sku))) continue;
    const chances = chancesOf({ intent: visit.intent, hereShare: need.hereShare });
    wanted.push({
      place,
      need,
      sku: isLoyal ? need.sku : other,
      isOverdue: dueMs <= visit.startMs,
      wouldBuyUnshown: luck < chances.unshown,
      wouldBuyShown: luck < chances.shown,
      addedChance: chances.shown - chances.unshown,
    });
  }
  return wanted;
}

function treatsFor(draw: Chance, wanted: readonly Wanted[]): CartLine[] {
  const found = wanted
    .filter((one) => one.wouldBuyUnshown)
    .flatMap(({ need }) => treatsWith(need.name))
    .filter(() => happens(draw, 0.22));
  return found.map(({ sku }) => ({ sku, quantity: 1 }));
}

/** What they look at besides: an appliance they have an eye on, things they use. */
function curiosity(
  life: Life,
  draw: Chance,
  visit: { readonly intent: "shop" | "look"; readonly wanted: readonly Wanted[] },
): string[] {
  const wanted = visit.wanted.map((one) => one.sku);
  const used = life.household.needs.map((need) => need.sku);
  const looks = visit.intent === "look";
  const skus = [
    ...(life.dream !== null && happens(draw, looks ? 0.6 : 0.1) ? [life.dream] : []),
    ...pickSome(draw, wanted, happens(draw, 0.5) ? 1 : 0),
    ...pickSome(draw, used, looks ? 1 : 0),
  ];
  return [...new Set(skus)];
}
