/**
 * # 3. Consent comes before everything
 *
 * Who said nothing has not agreed. Three **purposes** can be agreed to, each on one channel or on `any`: `personalise`
 * (look at this person in order to choose for them), `marketing` (offers, and messages that go out) and `measure`. A word
 * is an event with its proof (`consent.given`, `consent.withdrawn`), and it counts from the very next decision: the
 * profile is folded in the transaction that takes the event.
 *
 * Every decision says on what **basis** it was made:
 *
 * | Basis | When | What is shown |
 * | --- | --- | --- |
 * | `personal` | there is a yes to `personalise` | chosen for this person |
 * | `no_consent` | there is none, or a no on this channel or on any | the best for everybody |
 * | `nobody` | nobody is named, or nobody has that identity yet | the best for everybody |
 * | `holdout` | chance put the person among the 5 % left alone, for ever | the best for everybody |
 *
 * Consent also stands before what may be shown at all: nothing goes out by e-mail, SMS, push or WhatsApp without a yes to
 * `marketing`, and after a no to it offers are shown nowhere.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { DecisionWhy } from "@trato/contract";
import { daysAgo, fillAndTrain, hourMs, no, openShop, sale, somebody, today, yes } from "./testing/shop.ts";

const shop = await openShop();
after(() => shop.stop());
before(async () => {
  await fillAndTrain(shop);
  const text = { es: "20 % en detergente", en: "20 % off detergent" };
  const placements = ["web.home", "email.slot"];
  const offer = {
    id: "soap-20",
    kind: "discount",
    text,
    placements,
    skus: ["detergent-3kg"],
    leverMinor: 50,
  };
  await shop.put("/v1/offers", { offers: [offer] });
});

const shownAt = async (placement: string, identities: object) => {
  const answer = await shop.decide({ placement, identities });
  const why = await shop.get<DecisionWhy>(`/v1/decisions/${answer.decisionId}/why`);
  return { ...answer, consent: why.consent, refused: why.refused.map(({ reason }) => reason) };
};
const justNow = new Date(today).toISOString();

test("a yes counts in the very next decision, and so does a no", async () => {
  const who = await somebody(shop, "personal");
  assert.equal((await shop.decide({ identities: who })).basis, "personal");
  await shop.send(no("no-1", justNow, who));
  const after = await shop.decide({ identities: who });
  assert.deepEqual([after.basis, after.personalised], ["no_consent", false]);
  await shop.send(yes("yes-again", new Date(today + hourMs / 12).toISOString(), who));
  assert.equal((await shop.decide({ identities: who })).basis, "personal");
});

test("without a yes, what the person did changes nothing of what they see", async () => {
  const bought = ["coffee-500g"];
  await shop.send(sale("quiet-1", daysAgo(40), { email: "quiet@example.com" }, bought));
  const quiet = await shop.decide({ identities: { email: "quiet@example.com" } });
  const stranger = await shop.decide({});
  assert.equal(quiet.basis, "no_consent");
  assert.equal(stranger.basis, "nobody");
  assert.ok(quiet.items.every((one) => !one.personalised));
  const skusOf = ({ items }: typeof quiet) => items.map(({ sku }) => sku).sort();
  assert.deepEqual(skusOf(quiet), skusOf(stranger));
});

test("a no on one channel is a no there, whatever was said about all of them", async () => {
  const who = await somebody(shop, "personal");
  const withdrawn = no("no-in-the-app", justNow, who);
  await shop.send({ ...withdrawn, data: { purpose: "personalise", channel: "app" } });
  assert.equal((await shop.decide({ placement: "app.card", identities: who })).basis, "no_consent");
  assert.equal((await shop.decide({ placement: "web.home", identities: who })).basis, "personal");
});

test("nothing is put in an e-mail without a yes to marketing, and after a no, offers are shown nowhere", async () => {
  const { email } = await somebody(shop, "personal");
  const unasked = await shownAt("email.slot", { email });
  assert.deepEqual([unasked.items, unasked.consent.marketing], [[], "unasked"]);
  assert.ok(unasked.refused.includes("consent_missing"));

  await shop.send(yes("marketing-yes", daysAgo(1), { email }, "marketing"));
  const asked = await shownAt("email.slot", { email });
  assert.ok(asked.items.length > 0);

  await shop.send(no("marketing-no", justNow, { email }, "marketing"));
  assert.deepEqual((await shownAt("email.slot", { email })).items, []);
  const page = await shownAt("web.home", { email });
  assert.ok(page.refused.includes("objected"));
  assert.ok(page.items.length > 0, "a page that the person opened keeps its items");
  assert.ok(page.items.every(({ offerId }) => offerId === undefined));
});

test("who is held out sees what everybody sees, and is told so", async () => {
  const who = await somebody(shop, "holdout");
  const { holdout, personalised, disclosure } = await shop.decide({ identities: who });
  assert.deepEqual([holdout, personalised], [true, false]);
  assert.match(disclosure.en, /chose what everybody sees, to compare/);
});

test("every word is kept with its proof", async () => {
  await shop.send(yes("yes-proof", daysAgo(9), { email: "proof@example.com" }));
  const { personId } = await shop.who("email", "proof@example.com");
  type Consents = { now: Record<string, { given: boolean }>; history: { data: { evidence: string } }[] };
  const { now, history } = await shop.get<Consents>(`/v1/people/${personId}/consents`);
  assert.equal(now["personalise/any"]?.given, true);
  assert.equal(history[0]?.data.evidence, "Box ticked in the app.");
});
