import { type Chance, chance, dayMs, pickInt, systemClock } from "@trato/base";
import type { BenchHub } from "./hub.ts";

const items = 10_000;
const offers = 500;
const parallel = 4;

export type Shop = { readonly people: number; readonly sku: (draw: Chance) => string };

/** Some items sell a thousand times as often as others. */
export const anySku = (draw: Chance): string => `sku-${Math.floor(items * draw() ** 3)}`;

/**
 * Fills a hub with people who agreed to be known, their purchases of half a year, a catalogue of 10,000 items and 500
 * offers, and trains on it: what a decision meets in a shop that has run for a while.
 */
export async function fillShop(hub: BenchHub, people: number): Promise<void> {
  const draw = chance(7);
  await inBatches(items, 1_000, (from, until) =>
    hub.call("PUT", "/v1/items", { items: Array.from({ length: until - from }, (_, i) => itemOf(from + i)) }),
  );
  await hub.call("PUT", "/v1/offers", { offers: Array.from({ length: offers }, (_, i) => offerOf(i)) });
  const nowMs = systemClock.nowMs();
  await inBatches(people, 250, (from, until) => {
    const events = Array.from({ length: until - from }, (_, i) => eventsOf(from + i, nowMs, draw)).flat();
    return hub.call("POST", "/v1/events", { events });
  });
}

async function inBatches(
  count: number,
  size: number,
  send: (from: number, until: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < count) {
      const from = next;
      next += size;
      await send(from, Math.min(from + size, count));
    }
  };
  await Promise.all(Array.from({ length: parallel }, work));
}

const words = (text: string) => ({ es: text, en: text });

const itemOf = (i: number) => ({
  sku: `sku-${i}`,
  title: words(`Artículo ${i}`),
  category: `category-${i % 80}`,
  priceMinor: 100 + ((i * 37) % 5_000),
  currency: "USD",
  kind: "product",
  inStock: i % 20 !== 0,
  sellable: true,
});

const offerOf = (i: number) => ({
  id: `offer-${i}`,
  kind: "discount",
  skus: [`sku-${i * 3}`, `sku-${i * 3 + 1}`],
  placements: i % 2 === 0 ? ["web.home", "app.card"] : ["pos.screen", "web.home"],
  text: words(`Oferta ${i}`),
  leverMinor: 10 + (i % 50),
});

function eventsOf(person: number, nowMs: number, draw: Chance): object[] {
  const identities = { email: `person-${person}@example.com` };
  const at = (ms: number) => new Date(ms).toISOString();
  const consent = {
    purpose: "personalise",
    channel: "any",
    textVersion: "1",
    language: "es",
    evidence: "Box ticked on the form.",
  };
  const event = (id: string, type: string, timeMs: number, data: object) => {
    return { id: `${person}/${id}`, type, time: at(timeMs), channel: "web", identities, data };
  };
  const events = [event("yes", "consent.given", nowMs - 181 * dayMs, consent)];
  for (let order = 0; order < 3; order++) {
    const lines = Array.from({ length: 3 }, () => ({ sku: anySku(draw), quantity: 1, amountMinor: 500 }));
    const timeMs = nowMs - (180 - order * 60) * dayMs + pickInt(draw, 20 * dayMs);
    const data = { orderId: `${person}-${order}`, currency: "USD", totalMinor: 1_500, lines };
    events.push(event(`order-${order}`, "order.placed", timeMs, data));
  }
  events.push(event("view", "item.viewed", nowMs - pickInt(draw, dayMs), { sku: anySku(draw) }));
  return events;
}

/** Trains and waits; the benches measure deciding with models in charge. */
export async function trainShop(hub: BenchHub): Promise<void> {
  const { jobId } = await hub.call<{ jobId: string }>("POST", "/v1/models/train", {});
  for (;;) {
    const { state, detail } = await hub.call<{ state: string; detail?: string }>(
      "GET",
      `/v1/models/training/${jobId}`,
    );
    if (state === "done") return;
    if (state === "failed" || state === "refused")
      throw new Error(`the training ended as ${state}: ${detail}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
