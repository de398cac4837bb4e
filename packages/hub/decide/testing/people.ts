import type { SeenProfile } from "../needs.ts";
import { bought, boughtOf, emptyOrders, moment, no, person, today, yes } from "./shop.ts";

export const consent = yes("personalise/any");
/** Buys coffee every three weeks, the last time 20 days ago. */
const coffeeRegular = { ...emptyOrders, bought: boughtOf({ coffee: bought(5, 21, 20) }) };

/** The shop's customers, by what is known of them. */
export const people: Readonly<Record<string, SeenProfile | null>> = {
  nobody: null,
  "a stranger": person({}),
  "agreed, no more": person({ consent }),
  "coffee is about due": person({ consent, orders: coffeeRegular }),
  "due, never asked": person({ orders: coffeeRegular }),
  "due, said no": person({ consent: no("personalise/any"), orders: coffeeRegular }),
  "due, no to the web": person({
    consent: { ...consent, ...no("personalise/web") },
    orders: coffeeRegular,
  }),
  "looked at coffee": person({ consent, interest: { views: [{ sku: "coffee", timeMs: today - 1_000 }] } }),
  "ordered a fridge": person({
    consent,
    orders: {
      ...emptyOrders,
      bought: boughtOf({ fridge: bought(1, 1, 2) }),
      lastOrder: { skus: ["fridge"] },
    },
  }),
  "coffee in the cart": person({ consent, orders: { ...emptyOrders, cart: { lines: [{ sku: "coffee" }] } } }),
  "left filters": person({
    consent,
    orders: { ...emptyOrders, cart: { lines: [{ sku: "filters" }] } },
    moments: { open: [moment("cart_left", "cart", { lines: { filters: 1 } })] },
  }),
  "is out of tea": person({ consent, moments: { open: [moment("runs_out", "tea")] } }),
};
