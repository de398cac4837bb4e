/**
 * One shopper, one cart, every channel: Ana fills a cart in the app, adds to it on the site, pays at the till with two
 * tenders, sees each change on her phone, and brings one thing back to another store.
 *
 *   node_modules/.bin/node examples/one-cart.ts http://127.0.0.1:4100 "$(cat .trato/key)"
 *
 * It speaks the public API with fetch and nothing else. one-cart.test.ts plays it in CI; docs/examples/one-cart.md is
 * printed from a run.
 */
import type { CartAnswer, ChangeHeard, OrderAnswer } from "@trato/contract";

export type Shopper = { readonly url: string; readonly key: string; readonly say: (line: string) => void };

/** Plays the script; `suffix` names this run's goods and places, so that a hub can play it often. */
export async function playOneCart({ url, key, say }: Shopper, suffix = ""): Promise<OrderAnswer> {
  const call = async <Body>(method: string, path: string, body?: object): Promise<Body> => {
    const headers = { authorization: `Bearer ${key}` };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(url + path, { method, headers, ...sent });
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
    return (await response.json()) as Body;
  };
  const names = { coffee: `coffee${suffix}`, filters: `filters${suffix}` };
  const places = { quito: `UIO${suffix}`, guayaquil: `GYE${suffix}` };
  await openShop(call, { names, places });
  const plain = (text: string) => (suffix === "" ? text : text.replaceAll(suffix, ""));
  const ana = { email: `ana${suffix}@example.com` };
  const add = (sku: string, quantity: number) => ({ changes: [{ do: "add", sku, quantity }] });

  const context = { channel: "app", placeId: places.guayaquil, currency: "USD" };
  const begun = await call<CartAnswer>("POST", "/v1/carts", { identities: ana, ...context });
  const phone = await followCart({ url, key }, begun.cartId);
  const inApp = await call<CartAnswer>("POST", `/v1/carts/${begun.cartId}/changes`, add(names.coffee, 2));
  say(`app     Ana puts 2 coffee in her cart: ${dollars(inApp.totalMinor)}`);

  const onSite = await call<CartAnswer>("POST", "/v1/carts", { identities: ana, channel: "web" });
  say(`site    the same cart is there: ${onSite.cartId === begun.cartId ? "yes" : "no"}`);
  const more = await call<CartAnswer>("POST", `/v1/carts/${onSite.cartId}/changes`, add(names.filters, 1));
  say(`site    she adds 1 filters: ${dollars(more.totalMinor)}`);

  const atTill = await call<CartAnswer>("POST", "/v1/carts", { code: more.code, channel: "pos" });
  const lines = atTill.lines.map(({ sku, quantity }) => `${quantity} ${plain(sku)}`).join(", ");
  say(`till    she reads out the code of her cart; on the screen: ${lines}, ${dollars(atTill.totalMinor)}`);
  const cash = 500;
  const card = atTill.totalMinor - cash;
  const order = await call<OrderAnswer>("POST", `/v1/carts/${atTill.cartId}/order`, {
    tenders: [
      { kind: "cash", amountMinor: cash, givenMinor: 1_000 },
      { kind: "card", amountMinor: card, reference: `terminal-4/${begun.cartId}`, last4: "4242" },
    ],
    handOver: true,
  });
  say(`till    ${dollars(cash)} in cash and ${dollars(card)} by card; the order is ${order.state}`);

  for await (const heard of phone) {
    const { state, totalMinor, version } = heard.data as {
      state: string;
      totalMinor: number;
      version: number;
    };
    if (version <= begun.version) continue;
    say(`phone   the cart is ${state}, ${dollars(totalMinor)}`);
    if (state === "ordered") break;
  }

  const asked = { placeId: places.quito, channel: "pos", lines: [{ line: 1, quantity: 1 }] };
  const returned = await call<OrderAnswer>("POST", `/v1/orders/${order.orderId}/returns`, asked);
  say(`Quito   one coffee comes back: ${dollars(returned.refundedMinor)} refunded, ${returned.state}`);
  type Levels = { levels: readonly { readonly placeId: string; readonly onHand: number }[] };
  const { levels } = await call<Levels>("GET", `/v1/stock?sku=${names.coffee}`);
  const onHand = levels.map((level) => `${plain(level.placeId)} ${level.onHand}`).sort();
  say(`stock   coffee on hand: ${onHand.join(", ")}`);
  return returned;
}

type Call = <Body>(method: string, path: string, body?: object) => Promise<Body>;
type Names = {
  readonly names: { readonly coffee: string; readonly filters: string };
  readonly places: { readonly quito: string; readonly guayaquil: string };
};

/** Two stores, two items, ten of each in each. */
async function openShop(call: Call, { names, places }: Names): Promise<void> {
  const store = {
    kind: "store",
    country: "EC",
    timezone: "America/Guayaquil",
    channels: ["app", "web", "pos"],
  };
  const placeIds = Object.values(places);
  await call("PUT", "/v1/places", {
    places: placeIds.map((placeId) => ({ ...store, placeId, name: placeId })),
  });
  const item = (sku: string, priceMinor: number) => ({
    sku,
    title: sku,
    category: "coffee",
    priceMinor,
    currency: "USD",
  });
  await call("PUT", "/v1/items", { items: [item(names.coffee, 599), item(names.filters, 210)] });
  const levels = placeIds.flatMap((placeId) =>
    Object.values(names).map((sku) => ({ sku, placeId, onHand: 10 })),
  );
  await call("PUT", "/v1/stock", { levels });
}

/** What happens to a cart, as a phone hears it from now on: server-sent events, one change at a time. */
async function followCart(
  { url, key }: Pick<Shopper, "url" | "key">,
  cartId: string,
): Promise<AsyncGenerator<ChangeHeard>> {
  const stop = new AbortController();
  const response = await fetch(`${url}/v1/stream?topic=cart.changed&key=${cartId}`, {
    headers: { authorization: `Bearer ${key}` },
    signal: stop.signal,
  });
  const texts = response.body!.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
  let text = "";
  while (!text.includes("event: ready")) text += (await texts.next()).value;
  return changesIn(texts, () => stop.abort());
}

async function* changesIn(texts: AsyncIterator<string>, stop: () => void): AsyncGenerator<ChangeHeard> {
  let text = "";
  try {
    for (let next = await texts.next(); next.done !== true; next = await texts.next()) {
      const events = (text + next.value).split("\n\n");
      text = events.pop()!;
      for (const event of events) {
        const data = /^event: cart\.changed$[\s\S]*^data: (.+)$/m.exec(event)?.[1];
        if (data !== undefined) yield JSON.parse(data) as ChangeHeard;
      }
    }
  } finally {
    stop();
  }
}

const dollars = (minor: number): string => `$${(minor / 100).toFixed(2)}`;

if (import.meta.main) {
  const [url, key] = process.argv.slice(2);
  if (url === undefined || key === undefined) throw new Error("say where the hub is, and a key of it");
  const suffix = `-${process.pid}-${Math.trunc(performance.timeOrigin)}`;
  await playOneCart({ url, key, say: (line) => process.stdout.write(`${line}\n`) }, suffix);
}
