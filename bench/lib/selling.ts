import { chance, pickInt, systemClock } from "@trato/base";
import type { BenchHub } from "./hub.ts";
import { drive, type Load, openConnection, requestBytes } from "./load.ts";

const items = 2_000;
const places = 4;
const onHand = 100_000_000;
const parallel = 32;

export const sellingSku = (i: number): string => `sku-${i % items}`;
const placeOf = (i: number): string => `place-${i % places}`;

/** Places, items, stock in each place, and taxes: what a cart meets in a shop that has opened. */
export async function fillSelling(hub: BenchHub): Promise<void> {
  const where = { kind: "store", country: "EC", timezone: "America/Guayaquil", channels: ["web", "pos"] };
  const all = Array.from({ length: places }, (_, i) => ({ ...where, placeId: placeOf(i), name: placeOf(i) }));
  await hub.call("PUT", "/v1/places", { places: all });
  const tax = {
    id: "iva",
    name: { es: "IVA", en: "VAT" },
    country: "EC",
    ratePpm: 150_000,
    mode: "included",
  };
  await hub.call("PUT", "/v1/taxes", { taxes: [tax] });
  const countedAt = new Date(systemClock.nowMs() - 60_000).toISOString();
  for (let from = 0; from < items; from += 500) {
    const some = Array.from({ length: 500 }, (_, i) => from + i);
    await hub.call("PUT", "/v1/items", { items: some.map(itemOf) });
    for (let place = 0; place < places; place++) {
      const levels = some.map((i) => ({ placeId: placeOf(place), sku: sellingSku(i), onHand, countedAt }));
      await hub.call("PUT", "/v1/stock", { levels });
    }
  }
}

const itemOf = (i: number) => ({
  sku: sellingSku(i),
  title: `Artículo ${i}`,
  category: `category-${i % 80}`,
  priceMinor: 100 + ((i * 37) % 5_000),
  currency: "USD",
});

/** Rules of every kind, for all items, for categories and for single ones. */
export async function fillPromotions(hub: BenchHub, count: number): Promise<void> {
  const effects = [
    { kind: "percent", ratePpm: 50_000 },
    { kind: "amount", amountMinor: 5, currency: "USD" },
    { kind: "buy_get", buy: 2, get: 1, ratePpm: 500_000 },
    { kind: "cart_percent", ratePpm: 10_000 },
  ];
  const promotions = Array.from({ length: count }, (_, i) => ({
    id: `rule-${i}`,
    title: { es: `Regla ${i}`, en: `Rule ${i}` },
    effect: effects[i % effects.length],
    ...(i % 10 === 0
      ? {}
      : i % 2 === 0
        ? { categories: [`category-${i % 80}`] }
        : { skus: [sellingSku(i * 7)] }),
  }));
  await hub.call("PUT", "/v1/promotions", { promotions });
}

export type OpenedCart = { readonly cartId: string; readonly totalMinor: number; readonly version: number };

/** Opens carts of people, each with some lines; several at a time. */
export async function openCarts(
  hub: BenchHub,
  count: number,
  lines: number,
  from = 0,
): Promise<OpenedCart[]> {
  const carts: OpenedCart[] = new Array(count);
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < count) {
      const nth = next++;
      const i = from + nth;
      const identities = { email: `buyer-${i}@example.com` };
      const context = { channel: "web", placeId: placeOf(i), currency: "USD" };
      const cart = await hub.call<OpenedCart>("POST", "/v1/carts", { identities, ...context });
      const changes = Array.from({ length: lines }, (_, n) => {
        return { do: "add", sku: sellingSku(i * 3 + n), quantity: 1 };
      });
      const path = `/v1/carts/${cart.cartId}/changes`;
      carts[nth] = lines === 0 ? cart : await hub.call<OpenedCart>("POST", path, { changes });
    }
  };
  await Promise.all(Array.from({ length: parallel }, work));
  return carts;
}

/** Adds to carts drawn evenly, each add with an Idempotency-Key of its own. */
export async function driveAdds(
  hub: BenchHub,
  carts: readonly OpenedCart[],
  options: {
    readonly connections: number;
    readonly seconds: number;
    readonly seed: number;
    readonly perSecond?: number;
  },
): Promise<Load> {
  const { connections, seconds, seed, perSecond } = options;
  const draw = chance(seed);
  let nth = 0;
  const next = () => {
    const at = pickInt(draw, carts.length);
    const sku = sellingSku(at * 3 + pickInt(draw, 3));
    const body = JSON.stringify({ changes: [{ do: "add", sku, quantity: 1 }] });
    const key = `${hub.key}\r\nidempotency-key: ${seed}-${nth++}`;
    return requestBytes("POST", `/v1/carts/${carts[at]!.cartId}/changes`, key, body);
  };
  const rate = perSecond === undefined ? {} : { perSecond };
  const load = await drive({ port: hub.port, connections, next, secondsMax: seconds, ...rate });
  if (load.failed > 0) throw new Error(`${load.failed} of ${load.done} adds were refused`);
  return load;
}

/** One request on a connection of its own, to say what was answered when something is wrong. */
export async function askOnce(hub: BenchHub, request: Buffer): Promise<string> {
  const connection = await openConnection(hub.port);
  const answer = await connection.ask(request);
  connection.close();
  return `${answer.status} ${answer.body}`;
}
