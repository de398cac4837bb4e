import { dayMs } from "@trato/base";
import type { DecisionContext, Offer } from "@trato/contract";
import fc from "fast-check";
import type { SeenProfile, SeenSlices } from "../needs.ts";
import { bought, boughtOf, items, moment, no, offer, person, placements, seen, today, yes } from "./shop.ts";

/** Anything a customer, an offer or a request could be, over the shop of shop.ts. */
const sku = fc.constantFrom(...items.map((item) => item.sku), "ghost");
const skus = fc.uniqueArray(sku, { maxLength: 5 });
const record = <Value>(value: fc.Arbitrary<Value>) =>
  fc
    .uniqueArray(fc.tuple(sku, value), { selector: ([name]) => name, maxLength: 6 })
    .map(Object.fromEntries<Value>);

const purchases = fc
  .tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 90 }))
  .map(([count, gap, last]) => bought(count, gap, last));

const exposures = fc
  .array(
    fc
      .tuple(sku, fc.constantFrom(...placements), fc.integer({ min: 0, max: 100 }))
      .map(([name, at, hoursAgo]) =>
        seen(`item:${name}`, 1, {
          placement: at.name,
          channel: hoursAgo % 9 === 0 ? "constructor" : at.channel,
          hoursAgo,
        }),
      ),
    { maxLength: 20 },
  )
  .map((lists) => lists.flat());

const views = fc.uniqueArray(
  fc
    .tuple(sku, fc.integer({ min: 0, max: 20 }))
    .map(([name, days]) => ({ sku: name, timeMs: today - days * dayMs })),
  { selector: (view) => view.sku, maxLength: 8 },
);

const moments = fc.array(
  fc.oneof(
    sku.map((name) => moment("runs_out", name)),
    fc.constantFrom("birthday", "toString", "__proto__").map((kind) => moment(kind, kind)),
    record(fc.integer({ min: 1, max: 3 })).map((lines) => moment("cart_left", "cart", { lines })),
  ),
  { maxLength: 3 },
);

/** What is known of somebody, consent apart. */
export const slices: fc.Arbitrary<SeenSlices> = fc.record(
  {
    orders: fc.record({
      cart: fc.option(
        record(fc.integer({ min: 1, max: 3 })).map((lines) => ({
          lines: Object.keys(lines).map((one) => ({ sku: one })),
        })),
      ),
      bought: record(purchases).map(boughtOf),
      lastOrder: fc.option(skus.map((all) => ({ skus: all }))),
    }),
    interest: views.map((all) => ({ views: all })),
    moments: moments.map((open) => ({ open })),
    traits: fc
      .constantFrom({}, { country: "EC" }, { language: "es", country: "CO" })
      .map((said) => ({ said })),
    pressure: exposures.map((all) => ({ exposures: all })),
  },
  { requiredKeys: [] },
);

const consent = fc
  .array(
    fc.tuple(
      fc.boolean(),
      fc.constantFrom("personalise", "marketing"),
      fc.constantFrom("any", "web", "email", "push"),
    ),
    { maxLength: 5 },
  )
  .map((words) =>
    Object.assign({}, ...words.map(([given, purpose, at]) => (given ? yes : no)(`${purpose}/${at}`))),
  );

export const profile: fc.Arbitrary<SeenProfile> = fc
  .tuple(slices, consent)
  .map(([rest, said]) => person({ ...rest, consent: { ...yes("personalise/any"), ...said } }));

export const context: fc.Arbitrary<DecisionContext> = fc.record(
  {
    sku,
    cart: skus.map((all) => all.map((name) => ({ sku: name, quantity: 1 }))),
    language: fc.constantFrom("es", "en-GB"),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<DecisionContext>;

const condition = fc.oneof(
  fc.constantFrom("EC", "CO").map((is) => ({ fact: "country" as const, is })),
  sku.map((is) => ({ fact: "boughtSku" as const, is })),
  sku.map((is) => ({ fact: "cartHasSku" as const, is })),
  fc.constantFrom("breakfast", "pantry").map((is) => ({ fact: "ownsCategory" as const, is })),
  fc.constantFrom("runs_out", "cart_left").map((is) => ({ fact: "momentKind" as const, is })),
);

export const offers: fc.Arbitrary<Offer[]> = fc
  .array(
    fc.record(
      {
        kind: fc.constantFrom("discount" as const, "content" as const, "delivery" as const),
        leverMinor: fc.integer({ min: 0, max: 100 }),
        skus,
        categories: fc.constantFrom<string[]>(["breakfast"], ["pantry", "dairy"]),
        eligibility: fc.record({ allOf: fc.array(condition, { maxLength: 2 }) }),
        exclusiveGroup: fc.constantFrom("red", "blue"),
        capPerPersonPerDay: fc.integer({ min: 1, max: 3 }),
      },
      { requiredKeys: ["kind", "leverMinor"] },
    ),
    { maxLength: 6 },
  )
  .map((all) => all.map((one, i) => offer(`o${i}`, one as Partial<Offer>)));

export const placementName = fc.constantFrom(...placements.map((one) => one.name));
