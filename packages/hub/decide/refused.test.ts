import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { SeenProfile } from "./needs.ts";
import { consent, people } from "./testing/people.ts";
import {
  bought,
  boughtOf,
  daysAgo,
  decideHere,
  emptyOrders,
  no,
  offer,
  person,
  readTable,
  seen,
  shelfOf,
  yes,
} from "./testing/shop.ts";

describe("why a candidate was refused", () => {
  const offers = [
    offer("free-delivery", { kind: "delivery", leverMinor: 1 }),
    offer("for-colombia", { eligibility: { allOf: [{ fact: "country", is: "CO" }] } }),
    offer("last-year", { window: { until: "2025-12-31T00:00:00Z" } }),
    offer("spent", { budgetUnits: 10 }),
    offer("once-a-day", { capPerPersonPerDay: 1 }),
    offer("worthless", { kind: "content", leverMinor: 0 }),
    offer("chocolate-week", { skus: ["chocolate"] }),
  ];
  const shelf = shelfOf({ offers });
  const refusedFor = (profile: SeenProfile | null, placement: string, context = {}) => {
    const spent = new Set(["spent"]);
    const record = decideHere({ profile, shelf, spent, request: { placement, context } });
    const found = new Map<string, string>();
    for (const [reason, [, ...keys]] of Object.entries(record.refused)) {
      for (const key of keys) found.set(key, reason);
    }
    for (const shown of record.shown) found.set(shown.key, "shown");
    return found;
  };
  const who: Readonly<Record<string, SeenProfile | null>> = {
    ...people,
    "agreed to all": person({ consent: yes("personalise/any", "marketing/any") }),
    "objected to marketing": person({ consent: { ...consent, ...no("marketing/any") } }),
    "no e-mail please": person({ consent: { ...yes("marketing/any"), ...no("marketing/email") } }),
    "saw the offer today": person({ consent, pressure: { exposures: seen("offer:once-a-day", 1) } }),
    "saw it yesterday": person({
      consent,
      pressure: { exposures: seen("offer:once-a-day", 1, { hoursAgo: 30 }) },
    }),
    "had two mails today": person({
      consent: yes("marketing/any"),
      pressure: { exposures: seen("item:tea", 2, { placement: "email.slot", channel: "email" }) },
    }),
    "had eight messages today": person({
      consent: yes("marketing/any"),
      pressure: { exposures: seen("item:tea", 8, { placement: "sms.now", channel: "sms" }) },
    }),
    "was sent eight messages": person({
      consent: yes("marketing/any"),
      pressure: { exposures: [], messages: { sms: { dayMs: daysAgo(15 / 24), count: 8 } } },
    }),
    "was sent eight yesterday": person({
      consent: yes("marketing/any"),
      pressure: { exposures: [], messages: { sms: { dayMs: daysAgo(1 + 15 / 24), count: 8 } } },
    }),
    "had a push an hour ago": person({
      consent: yes("marketing/any"),
      pressure: { exposures: seen("item:tea", 1, { placement: "push", channel: "push" }) },
    }),
    "bought milk yesterday": person({
      consent,
      orders: { ...emptyOrders, bought: boughtOf({ milk: bought(1, 1, 1) }) },
    }),
    "bought milk last month": person({
      consent,
      orders: { ...emptyOrders, bought: boughtOf({ milk: bought(1, 1, 30) }) },
    }),
    "sugar every 30 days, 10 ago": person({
      consent,
      orders: { ...emptyOrders, bought: boughtOf({ sugar: bought(4, 30, 10) }) },
    }),
  };
  const table = `
    who                          placement   page    candidate             comes to
    nobody                       web.home    tea     item:ghost            unknown_item
    nobody                       web.home    -       item:lard             not_sellable
    nobody                       web.home    -       item:chocolate        out_of_stock
    nobody                       web.home    -       offer:chocolate-week  out_of_stock
    nobody                       web.home    -       offer:last-year       outside_window
    nobody                       web.goods   fridge  item:installation     wrong_placement
    nobody                       web.goods   -       offer:free-delivery   wrong_placement
    nobody                       web.home    -       offer:for-colombia    not_eligible
    nobody                       email.slot  -       item:coffee           consent_missing
    agreed, no more              email.slot  -       item:coffee           consent_missing
    agreed to all                email.slot  -       item:coffee           shown
    objected to marketing        email.slot  -       item:coffee           objected
    objected to marketing        web.home    -       offer:once-a-day      objected
    objected to marketing        web.home    -       item:coffee           shown
    no e-mail please             email.slot  -       item:coffee           objected
    no e-mail please             push        -       offer:once-a-day      shown
    saw the offer today          web.home    -       offer:once-a-day      cap_person
    saw it yesterday             web.home    -       offer:once-a-day      shown
    had two mails today          email.slot  -       item:coffee           cap_placement
    had eight messages today     push        -       item:coffee           cap_person
    had eight messages today     web.home    -       offer:once-a-day      cap_person
    had eight messages today     web.home    -       item:coffee           shown
    was sent eight messages      push        -       item:coffee           cap_person
    was sent eight yesterday     push        -       offer:once-a-day      shown
    had a push an hour ago       push        -       item:coffee           cap_placement
    coffee in the cart           web.home    -       item:coffee           already_in_cart
    bought milk yesterday        web.home    -       item:milk             bought_recently
    bought milk last month       web.home    -       item:milk             shown
    sugar every 30 days, 10 ago  web.home    -       item:sugar            bought_recently
    ordered a fridge             web.home    -       item:fridge           bought_recently
    nobody                       web.home    -       offer:spent           budget_spent
    nobody                       web.home    coffee  item:coffee           duplicate_subject
    nobody                       web.home    -       offer:worthless       below_floor
  `;
  for (const row of readTable(table)) {
    const { who: name = "", placement = "", page, candidate = "", "comes to": fate } = row;
    test(`${name} at ${placement}, page ${page}: ${candidate} ${fate}`, () => {
      const found = refusedFor(who[name]!, placement, page === "-" ? {} : { sku: page });
      assert.equal(found.get(candidate), fate);
    });
  }

  test("when several reasons apply, the first of the list is given", () => {
    const shut = offer("all-wrong", {
      window: { until: "2025-12-31T00:00:00Z" },
      eligibility: { allOf: [{ fact: "country", is: "CO" }] },
    });
    const record = decideHere({
      shelf: shelfOf({ offers: [shut] }),
      placement: "web.goods",
      spent: new Set(["all-wrong"]),
    });
    assert.deepEqual(record.refused.outside_window, [1, "offer:all-wrong"]);
  });

  test("of two offers of one exclusive group only the stronger is shown", () => {
    const group = { exclusiveGroup: "season" };
    const pair = [offer("strong", { ...group, leverMinor: 90 }), offer("weak", { ...group, leverMinor: 80 })];
    const record = decideHere({ shelf: shelfOf({ offers: pair }) });
    assert.ok(record.shown.some((one) => one.key === "offer:strong"));
    assert.deepEqual(record.refused.exclusive_group, [1, "offer:weak"]);
  });
});
