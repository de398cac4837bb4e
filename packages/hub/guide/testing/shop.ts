import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { chance, dayMs, fakeClock, hourMs } from "@trato/base";
import type { DecisionAnswer, PersonAnswer, TakenAnswer, TrainingStatus } from "@trato/contract";
import { type Answer, ask, type Method, type More } from "../../testing/ask.ts";
import { testHub } from "../../testing/hub.ts";

/** The moment at which every chapter begins. Nothing in it waits: the hub's clock is moved. */
export const today = Date.UTC(2026, 10, 22, 15);
export const daysAgo = (days: number): string => new Date(today - days * dayMs).toISOString();

export type Shop = Awaited<ReturnType<typeof openShop>>;

/** A hub of the chapter's own, asked over HTTP as anybody would ask it, whose clock the chapter moves. */
export async function openShop() {
  const clock = fakeClock(today);
  const { hub, url, key, database, stop } = await testHub({ clock });
  const at = { url, key };
  const done = async <Body>(method: Method, path: string, body?: unknown): Promise<Body> => {
    const answer = await ask<Body>(at, method, path, body);
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.text}`);
    return answer.body;
  };
  return {
    ...{ clock, hub, at, database, stop },
    /** Any request, whatever comes back. */
    ask: <Body>(method: Method, path: string, body?: unknown, more?: More): Promise<Answer<Body>> =>
      ask<Body>(at, method, path, body, more),
    get: <Body>(path: string): Promise<Body> => done<Body>("GET", path),
    post: <Body>(path: string, body?: unknown): Promise<Body> => done<Body>("POST", path, body),
    put: <Body>(path: string, body?: unknown): Promise<Body> => done<Body>("PUT", path, body),
    send: (...events: readonly object[]): Promise<TakenAnswer> => done("POST", "/v1/events", { events }),
    decide: (body: object): Promise<DecisionAnswer> =>
      done("POST", "/v1/decisions", { placement: "web.home", ...body }),
    who: (kind: string, value: string): Promise<PersonAnswer> =>
      done("GET", `/v1/people?kind=${kind}&value=${encodeURIComponent(value)}`),
  };
}

const item = (sku: string, es: string, category: string, priceMinor: number) => ({
  sku,
  title: { es, en: sku.replaceAll("-", " ") },
  category,
  priceMinor,
  currency: "USD",
});

export const items = [
  item("detergent-3kg", "Detergente 3 kg", "laundry", 1_250),
  item("softener-1l", "Suavizante 1 l", "laundry", 420),
  item("coffee-500g", "Café molido 500 g", "coffee", 599),
  item("coffee-filters", "Filtros de café", "kitchen", 210),
  item("rice-2kg", "Arroz 2 kg", "pantry", 280),
  item("whisk", "Batidor", "kitchen", 750),
];

/** Who bought what: an event as a till sends it. */
export const sale = (orderId: string, time: string, identities: object, skus: readonly string[]) => {
  const lines = skus.map((sku) => ({
    sku,
    quantity: 1,
    amountMinor: items.find((one) => one.sku === sku)!.priceMinor,
  }));
  const totalMinor = lines.reduce((sum, line) => sum + line.amountMinor, 0);
  const data = { orderId, currency: "USD", totalMinor, lines };
  return { id: `sale-${orderId}`, type: "order.placed", time, channel: "pos", identities, data };
};

/** A yes, with the proof that makes it one. */
export const yes = (id: string, time: string, identities: object, purpose = "personalise") => ({
  ...{ id, type: "consent.given", time, identities },
  data: {
    purpose,
    channel: "any",
    textVersion: "2026-11",
    language: "es",
    evidence: "Box ticked in the app.",
  },
});

/** And a no. */
export const no = (id: string, time: string, identities: object, purpose = "personalise") => ({
  ...{ id, type: "consent.withdrawn", time, identities },
  data: { purpose },
});

const neighbours = 60;
const historyDays = 190;

/** Half a year of the neighbourhood: everybody buys detergent about every three weeks, most of them with softener. */
function history(): object[] {
  const draw = chance(7);
  const sales: object[] = [];
  for (let who = 0; who < neighbours; who++) {
    const gapDays = 18 + 6 * draw();
    let visit = 0;
    for (let ago = historyDays - gapDays * draw(); ago > 1; ago -= gapDays * (0.9 + 0.2 * draw())) {
      const skus = ["detergent-3kg"];
      if (draw() < 0.7) skus.push("softener-1l");
      if (draw() < 0.4) skus.push("coffee-500g", "coffee-filters");
      if (draw() < 0.3) skus.push("rice-2kg");
      const orderId = `n${who}-${visit++}`;
      sales.push(sale(orderId, daysAgo(ago), { loyalty: `neighbour-${who}` }, skus));
    }
  }
  return sales;
}

/** Fills the shop with items and half a year of sales, and trains a model on them. */
export async function fillAndTrain(shop: Shop): Promise<void> {
  await shop.put("/v1/items", { items });
  await shop.send(...history());
  await train(shop);
}

/** Asks for a model and waits until it is in charge. */
export async function train(shop: Shop): Promise<void> {
  const { jobId } = await shop.post<{ jobId: string }>("/v1/models/train");
  for (let tries = 0; tries < 600; tries++) {
    const { state, detail } = await shop.get<TrainingStatus>(`/v1/models/training/${jobId}`);
    if (state === "done") return void (await shop.hub.rooms.scores.refresh());
    assert.ok(state === "waiting" || state === "running", `the training ${state}: ${detail}`);
    await delay(100);
  }
  throw new Error("The training did not end within a minute.");
}

let made = 0;

/**
 * Somebody who is decided for on the basis that is wanted: chance put 5 % of people in the holdout, for ever, so
 * people are made until one of them is where the chapter needs somebody. Each agreed to be personalised.
 */
export async function somebody(shop: Shop, basis: "personal" | "holdout"): Promise<{ email: string }> {
  for (let tries = 0; tries < 500; tries++) {
    const email = `somebody-${made++}@example.com`;
    await shop.send(yes(`yes-${email}`, daysAgo(200), { email }));
    if ((await shop.decide({ identities: { email } })).basis === basis) return { email };
  }
  throw new Error(`Of 500 people none was ${basis}.`);
}

/** Hands everything in the log to those who read it after the commit. */
export async function untilHeard(shop: Shop): Promise<void> {
  for (const consumer of shop.hub.rooms.consumers) await consumer.drain();
}

export { dayMs, hourMs };
