import { dayMs, type PersonId } from "@trato/base";
import type { Item, Offer, Placement } from "@trato/contract";
import { type DecideInput, decide } from "../decide.ts";
import type { Bought, Neighbour, OpenMoment, ScoresView, SeenProfile, SeenSlices } from "../needs.ts";
import { makePolicy, type Policy } from "../policy.ts";
import type { DecisionRecord } from "../record.ts";
import { prepareShelf, type Shelf } from "../shelf.ts";

/** A corner shop small enough to know by heart, for the tests of this room. */
export const today = Date.UTC(2026, 10, 20, 15);
export const daysAgo = (days: number): number => today - days * dayMs;

const sold = (sku: string, category: string, priceMinor: number, more: Partial<Item> = {}): Item => ({
  sku,
  title: { es: spanish[sku] ?? sku, en: sku },
  category,
  priceMinor,
  currency: "USD",
  kind: "product",
  inStock: true,
  sellable: true,
  ...more,
});

const spanish: Record<string, string> = {
  coffee: "café",
  filters: "filtros",
  sugar: "azúcar",
  milk: "leche",
};

export const items: readonly Item[] = [
  sold("coffee", "breakfast", 600),
  sold("milk", "dairy", 120),
  sold("sugar", "pantry", 100),
  sold("filters", "kitchen", 300),
  sold("tea", "breakfast", 400),
  sold("fridge", "appliances", 60_000, { lifeDays: 3_650 }),
  sold("chocolate", "sweets", 500, { inStock: false }),
  sold("lard", "pantry", 200, { sellable: false }),
  sold("installation", "services", 4_000, { kind: "service" }),
];

const popularity: ReadonlyMap<string, number> = new Map([
  ["coffee", 0.1],
  ["chocolate", 0.09],
  ["milk", 0.2],
  ["sugar", 0.15],
  ["filters", 0.02],
  ["tea", 0.01],
  ["lard", 0.05],
  ["fridge", 0.000_1],
]);

const goesWith: Readonly<Record<string, readonly Neighbour[]>> = {
  coffee: [
    { sku: "filters", lift: 0.3 },
    { sku: "sugar", lift: 0.2 },
    { sku: "chocolate", lift: 0.1 },
  ],
  filters: [{ sku: "coffee", lift: 0.4 }],
  fridge: [{ sku: "installation", lift: 0.25 }],
  tea: [
    { sku: "ghost", lift: 0.5 },
    { sku: "sugar", lift: 0.3 },
  ],
};

/** Buys again with 60 % when three quarters of the usual gap are over, else with 5 %. */
export const scores: ScoresView = {
  version: "3",
  popularity,
  neighbours: (sku) => goesWith[sku] ?? [],
  rhythm: (_sku, bought, nowMs) => {
    const gap = bought.count < 2 ? 30 : Math.exp(bought.sumLogDays / (bought.count - 1));
    return { propensity: nowMs - bought.lastMs > 0.75 * gap * dayMs ? 0.6 : 0.05 };
  },
};

const every: Placement["kinds"] = [
  "product",
  "content",
  "service",
  "experience",
  "discount",
  "credit",
  "delivery",
];
export const placements: readonly Placement[] = [
  { name: "web.home", channel: "web", slotsMax: 4, kinds: every },
  { name: "web.goods", channel: "web", slotsMax: 4, kinds: ["product"] },
  { name: "email.slot", channel: "email", slotsMax: 3, kinds: every, exposuresPerPersonPerDayMax: 2 },
  { name: "push", channel: "push", slotsMax: 1, kinds: every, minGapMs: 4 * 3_600_000 },
];

export const offer = (id: string, more: Partial<Offer> = {}): Offer => ({
  id,
  kind: "discount",
  text: { es: `Oferta ${id}`, en: `Offer ${id}` },
  placements: ["web.home", "email.slot", "push", "web.goods"],
  leverMinor: 100,
  ...more,
});

/** Nobody is held out and nothing is explored, so that a table can say what is shown. */
export const plainPolicy = makePolicy({ holdoutShare: 0, explorationShare: 0 });

export function shelfOf(
  given: { offers?: readonly Offer[]; policy?: Policy; goods?: readonly Item[] } = {},
): Shelf {
  return prepareShelf(
    { version: "42", items: new Map((given.goods ?? items).map((item) => [item.sku, item])) },
    {
      version: "7",
      offers: new Map((given.offers ?? []).map((one) => [one.id, one])),
      placements: new Map(placements.map((one) => [one.name, one])),
    },
    scores,
    given.policy ?? plainPolicy,
  );
}

/** Purchases by sku, as a profile holds them. */
export const boughtOf = (bySku: Readonly<Record<string, Bought>>): (Bought & { sku: string })[] =>
  Object.entries(bySku).map(([sku, one]) => ({ sku, ...one }));

/** An item bought `count` times, every `gapDays`, the last time `lastDaysAgo`. */
export function bought(count: number, gapDays: number, lastDaysAgo: number): Bought {
  const lastMs = daysAgo(lastDaysAgo);
  const logs = (count - 1) * Math.log(gapDays);
  return {
    count,
    firstMs: lastMs - (count - 1) * gapDays * dayMs,
    lastMs,
    sumLogDays: logs,
    sumLogDays2: logs * Math.log(gapDays),
  };
}

export const yes = (...purposes: string[]): NonNullable<SeenSlices["consent"]> =>
  Object.fromEntries(purposes.map((one) => [one, { given: true, timeMs: daysAgo(100), eventId: "yes" }]));
export const no = (...purposes: string[]): NonNullable<SeenSlices["consent"]> =>
  Object.fromEntries(purposes.map((one) => [one, { given: false, timeMs: daysAgo(50), eventId: "no" }]));

export const emptyOrders: NonNullable<SeenSlices["orders"]> = { cart: null, bought: [], lastOrder: null };

export function moment(kind: string, subject: string, evidence: OpenMoment["evidence"] = {}): OpenMoment {
  const window = { windowStartMs: daysAgo(1), windowEndMs: today + dayMs };
  return { momentId: `m-${kind}`, kind, subject, ...window, confidence: 0.8, evidence };
}

export function seen(
  key: string,
  times: number,
  at: { placement?: string; channel?: string; hoursAgo?: number } = {},
) {
  const { placement = "web.home", channel = "web", hoursAgo = 1 } = at;
  return Array.from({ length: times }, () => ({
    timeMs: today - hoursAgo * 3_600_000,
    key,
    placement,
    channel,
  }));
}

export const ana = "0198c0de-0000-7000-8000-0000000000aa" as PersonId;

export const person = (slices: SeenSlices, personId: PersonId = ana): SeenProfile => ({
  personId,
  members: [personId],
  position: "981",
  slices,
});

export const decisionNo = (n: number): string =>
  `0198c0de-0000-7000-8000-${n.toString(16).padStart(12, "0")}`;

/** Decides at `web.home` for nobody, but for what is said otherwise. */
export function decideHere(given: Partial<DecideInput> & { placement?: string } = {}): DecisionRecord {
  const { placement = "web.home", ...more } = given;
  return decide({
    decisionId: decisionNo(1),
    nowMs: today,
    request: { placement },
    profile: null,
    shelf: plainShelf,
    spent: new Set(),
    soldOut: new Set(),
    foldVersion: "orders:1",
    ...more,
  });
}

const plainShelf = shelfOf();

/** Columns are split on two or more spaces; the first line names them. */
export function readTable(text: string): Record<string, string>[] {
  const [head = "", ...rows] = text.trim().split("\n");
  const names = head.trim().split(/\s{2,}/);
  return rows.map((row) => {
    const cells = row.trim().split(/\s{2,}/);
    return Object.fromEntries(names.map((name, i) => [name, cells[i] ?? ""]));
  });
}
