import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { nobody } from "@trato/base";
import { ask } from "./testing/ask.ts";
import { testHub } from "./testing/hub.ts";
import { assertSound } from "./testing/sound.ts";

const hub = await testHub();
after(() => hub.stop());

const at = { country: "EC", timezone: "America/Guayaquil", channels: ["pos", "web"] };
const [quito, cuenca] = ["Quito", "Cuenca"].map((placeId) => ({
  ...at,
  ...{ placeId, kind: "store", name: placeId },
}));
const coffee = {
  sku: "coffee",
  title: { es: "Café", en: "Coffee" },
  category: "coffee",
  priceMinor: 600,
  currency: "USD",
};
const price = { sku: "coffee", currency: "USD", priceMinor: 550, placeId: "Quito" };
const week = {
  id: "week",
  title: { es: "Semana", en: "Week" },
  effect: { kind: "percent", ratePpm: 100_000 },
};
const ended = { ...week, withdrawn: true };
const iva = {
  ...{ id: "iva", name: { es: "IVA", en: "VAT" }, country: "EC", ratePpm: 150_000, mode: "included" },
};

let seen = 0;
type Told = { type: string; store: string | null; personId: string; data: Record<string, unknown> };

/** What the log was told since the last look. */
async function told(): Promise<Told[]> {
  const rows = await hub.database.query<Told>({
    name: "",
    text: `select type, store, person_id as "personId", data from events_log
            where source = 'trato' order by position offset $1`,
    values: [seen],
  });
  seen += rows.length;
  return rows;
}

type Step = readonly [
  does: string,
  act: () => Promise<unknown>,
  tells: readonly string[],
  data?: object | undefined,
];

async function does<Body>(method: "PUT" | "POST" | "DELETE", path: string, body?: object): Promise<Body> {
  const answer = await ask<Body>(hub, method, path, body);
  assert.ok(answer.status < 300, answer.text);
  return answer.body;
}
const put = (path: string, body: object) => () => does("PUT", path, body);
const post = (path: string, body: object) => () => does("POST", path, body);

/** `stock.changed Quito 12/2+4` is: twelve on hand there, two of them held, and four on their way. */
function short({ type, store, data }: Told): string {
  const levels = (data["levels"] ?? []) as { onHand: number; held: number; inTransit: number }[];
  const units = levels.map(
    ({ onHand, held, inTransit }) => `${onHand}/${held}${inTransit > 0 ? `+${inTransit}` : ""}`,
  );
  return [type, ...(store === null ? [] : [store]), ...units].join(" ");
}

let cartId = "";
const line = { sku: "coffee", quantity: 2 };

describe("every change of a thing becomes an event in the log, in the transaction that makes it", () => {
  const steps: readonly Step[] = [
    ["a store opens", put("/v1/places", { places: [quito] }), ["place.changed Quito"], quito],
    ["another one opens", put("/v1/places", { places: [quito, cuenca] }), ["place.changed Cuenca"], cuenca],
    ["an item is new", put("/v1/items", { items: [coffee] }), ["item.changed"], coffee],
    ["it is sent again, the same", put("/v1/items", { items: [coffee] }), []],
    ["it costs less there", put("/v1/prices", { prices: [price] }), ["price.changed Quito"], price],
    ["a promotion begins", put("/v1/promotions", { promotions: [week] }), ["promotion.changed"], week],
    ["a tax is told", put("/v1/taxes", { taxes: [iva] }), ["tax.changed"], iva],
    ["it ends", put("/v1/promotions", { promotions: [ended] }), ["promotion.changed"], ended],
    [
      "twelve are counted",
      put("/v1/stock", { levels: [{ sku: "coffee", placeId: "Quito", onHand: 12 }] }),
      ["stock.changed Quito 12/0"],
    ],
    [
      "an empty shelf is counted for the first time",
      put("/v1/stock", { levels: [{ sku: "coffee", placeId: "Cuenca", onHand: 0 }] }),
      ["stock.changed Cuenca 0/0"],
    ],
    ["and once more", put("/v1/stock", { levels: [{ sku: "coffee", placeId: "Cuenca", onHand: 0 }] }), []],
    [
      "a safety buffer is set",
      put("/v1/stock", { levels: [{ sku: "coffee", placeId: "Quito", safety: 1 }] }),
      ["stock.changed Quito 12/0"],
    ],
    [
      "two are held",
      post("/v1/holds", {
        ...{ holdId: "h", owner: "phone call", channel: "web", forMs: 60_000, lines: [line] },
      }),
      ["stock.changed Quito 12/2"],
    ],
    ["they are let go", () => does("DELETE", "/v1/holds/h"), ["stock.changed Quito 12/0"]],
    [
      "four are sent to the other store",
      post("/v1/stock/transfers", {
        ...{ transferId: "t", fromPlaceId: "Quito", toPlaceId: "Cuenca" },
        lines: [{ sku: "coffee", quantity: 4 }],
      }),
      ["stock.changed Cuenca 0/0+4", "stock.changed Quito 8/0"],
    ],
    ["they arrive", post("/v1/stock/transfers/t/receipts", { commandId: "r" }), ["stock.changed Cuenca 4/0"]],
    [
      "somebody nobody knows fills a cart at the till",
      async () => {
        const cart = await does<{ cartId: string }>("POST", "/v1/carts", {
          ...{ channel: "pos", placeId: "Quito", currency: "USD" },
        });
        cartId = cart.cartId;
        await does("POST", `/v1/carts/${cartId}/changes`, { changes: [{ do: "add", ...line }] });
      },
      ["cart.item_added Quito", "stock.changed Quito 8/2"],
    ],
    [
      "and pays",
      () =>
        does("POST", `/v1/carts/${cartId}/order`, {
          ...{ handOver: true, tenders: [{ kind: "cash", amountMinor: 1_100, givenMinor: 1_100 }] },
        }),
      [
        "order.handed_over Quito",
        "order.placed Quito",
        "payment.captured",
        "stock.changed Quito 6/0",
        "stock.changed Quito 8/0",
      ],
    ],
  ];
  for (const [name, act, tells, data] of steps) {
    test(`${name}: ${tells.join(", ") || "nothing"}`, async () => {
      await act();
      const events = await told();
      assert.deepEqual(events.map(short).sort(), tells);
      for (const { personId } of events) assert.equal(personId, nobody);
      if (data !== undefined) assert.partialDeepStrictEqual(events[0]!.data, data);
    });
  }
  test("a cart of nobody that goes into somebody's is empty in the log, and one that moves tells it", async () => {
    const open = async (more: object) => {
      const cart = { channel: "pos", placeId: "Quito", currency: "USD", ...more };
      return (await does<{ cartId: string }>("POST", "/v1/carts", cart)).cartId;
    };
    const add = (cart: string, quantity: number) =>
      does("POST", `/v1/carts/${cart}/changes`, { changes: [{ do: "add", sku: "coffee", quantity }] });
    const identities = { email: "ana@example.com" };
    const [anas, nobodys] = [await open({ identities }), await open({})];
    await add(anas, 1);
    await add(nobodys, 2);
    await told();
    await does("POST", `/v1/carts/${nobodys}/sign-in`, { identities, placeId: "Cuenca" });
    const carts = (await told()).filter(({ type }) => type.startsWith("cart."));
    const lines = (quantity: number) => [{ sku: "coffee", quantity }];
    assert.deepEqual(
      carts.map(({ personId, store, data }) => [personId === nobody, store, data["cartId"], data["lines"]]),
      [
        [false, "Cuenca", anas, lines(2)],
        [true, "Quito", nobodys, []],
      ],
    );
    assert.equal(carts[1]!.data["totalMinor"], 0);
  });
  test("and every event has one fate", async () => {
    const { sources } = await assertSound(hub);
    assert.deepEqual(sources.find(({ source }) => source === "trato")?.applied, seen);
  });
});
