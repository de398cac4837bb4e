/**
 * # 15. Models, and what they expect of people
 *
 * What models are for is divided into **families**: what goes with what and when it is due again (`purchases`), what
 * somebody will like (`affinity`) and buy again (`basket`), what they look at next (`session`) and whether that visit ends
 * with buying (`intent`), whether they still come and for how much (`lifetime`), whether they order again soon (`churn`) and
 * whether deciding for them makes them (`uplift`), when a thing they own needs care (`care`), how many will be asked for
 * (`demand`), what a change of price does to that (`price`), and on which days strangely few or many came (`anomaly`).
 * `POST /v1/models/train` (or `trato train`) trains them all, each by itself: one that has too little to learn from says
 * so, and holds up no other.
 *
 * Every model has a **card** (`GET /v1/models/{family}`, or `trato models basket`): from what days it learnt, how good it was
 * on a time it had not seen, with an interval, for each country, channel and age band with enough people, against the
 * obvious and against the model before; and what has changed since. A new one takes charge unless it is worse. Old ones
 * stay, so that whatever was decided with them can be decided again.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { allModelFamilies, type Model, type ModelFamilyState, type Moment } from "@trato/contract";
import { daysAgo, fillAndTrain, openShop, sale, somebody, today, train, untilHeard } from "./testing/shop.ts";

const shop = await openShop();
after(() => shop.stop());

const at = (minutes: number): string => new Date(today + minutes * 60_000).toISOString();
const untilFound = async (kind: string, personId: string): Promise<Moment> => {
  for (let tries = 0; tries < 20; tries++) {
    await shop.hub.rooms.watcher.tick();
    const { moments } = await shop.get<{ moments: Moment[] }>(
      `/v1/moments?kind=${kind}&personId=${personId}`,
    );
    if (moments[0] !== undefined) return moments[0];
  }
  const { body } = await shop.ask("GET", `/v1/people/${personId}/scores`);
  throw new Error(`Nothing was found: ${JSON.stringify(body)}`);
};

let decided: string;
before(async () => {
  await fillAndTrain(shop);
  decided = (await shop.decide({ identities: await somebody(shop, "personal") })).decisionId;
});

test("every family has its card, or says what it lacks", async () => {
  const { families } = await shop.get<{ families: ModelFamilyState[] }>("/v1/model-families");
  assert.deepEqual(
    families.map(({ family }) => family),
    allModelFamilies,
  );
  const { last, version } = families.find(({ family }) => family === "care")!;
  assert.deepEqual([version, last!.state], [undefined, "lacking"]);
  assert.match(last!.why.es, /aparatos registrados/);

  const { card, champion } = await shop.get<Model>("/v1/models/basket");
  const { low, mean, high } = card.measured!.value;
  assert.ok(champion && low <= mean && mean <= high);
  assert.ok(card.groups.some(({ by, is, people }) => by === "channel" && is === "pos" && people >= 30));
});

test("who came regularly and is silent is found before they are gone, and told from their own habits", async () => {
  const ana = await somebody(shop, "personal");
  const visits = [144, 124, 104, 84, 64].map((ago, i) =>
    sale(`ana-${i}`, daysAgo(ago), ana, ["detergent-3kg"]),
  );
  const gone = Array.from({ length: 30 }, (_, who) =>
    sale(`gone-${who}`, daysAgo(185 - who), { loyalty: `gone-${who}` }, ["rice-2kg"]),
  );
  await shop.send(...visits, ...gone);
  await train(shop);
  const { personId } = await shop.who("email", ana.email);
  const { scores } = await shop.get<{ scores: { family: string; score: Record<string, number> }[] }>(
    `/v1/people/${personId}/scores`,
  );
  const { score } = scores.find(({ family }) => family === "lifetime")!;
  assert.ok(score["alive"]! < 0.5 && score["usualGapDays"] === 20, JSON.stringify(score));
  const soon = scores.find(({ family }) => family === "churn")!.score;
  assert.ok(
    soon["returns"]! < 0.5 && soon["horizonDays"] === 30 && soon["orders"] === 5,
    JSON.stringify(soon),
  );

  const { confidence, evidence, words } = await untilFound("may_leave", personId);
  const chance = (evidence["returns"] ?? evidence["alive"]) as number;
  assert.ok([soon["returns"], score["alive"]].includes(chance), "by whichever of the two models did better");
  assert.equal(confidence, Math.round(1_000 * (1 - chance)) / 1_000);
  assert.match(JSON.stringify(evidence["reason"]), /Suele venir cada 20 días/);
  assert.equal(evidence["usualGapDays"], 20);
  assert.equal(words.es, "puede estar dejando de venir");
  const { items } = await shop.decide({ personId });
  const detergent = items.find(({ sku }) => sku === "detergent-3kg")!;
  assert.ok(detergent.personalised);
});

test("a registered machine that will soon need care is found, with an interval", async () => {
  const about = (owner: object, assetId: string) => (type: string, ago: number) => ({
    ...{ id: `${type}-${assetId}-${ago}`, type, time: daysAgo(ago), identities: owner },
    data: { assetId, sku: "coffee-machine", ...(type === "asset.serviced" ? { service: "descaling" } : {}) },
  });
  const told: object[] = [];
  for (let i = 0; i < 24; i++) {
    const machine = about({ loyalty: `neighbour-${i}` }, `machine-${i}`);
    told.push(machine("asset.registered", 180));
    for (let ago = 180 - 60 - i; ago > 0; ago -= 56 + (i % 9)) told.push(machine("asset.serviced", ago));
  }
  const ana = await somebody(shop, "personal");
  const hers = about(ana, "ana's");
  await shop.send(...told, hers("asset.registered", 120), hers("asset.serviced", 55));
  await train(shop);
  const { personId } = await shop.who("email", ana.email);
  const { subject, evidence, windowStart, windowEnd } = await untilFound("needs_care", personId);
  assert.deepEqual([subject, evidence["assetId"]], ["coffee-machine", "ana's"]);
  assert.ok(Date.parse(windowStart) <= Date.parse(windowEnd));
  const aMinuteAhead = -1 / 1_440;
  await shop.send(hers("asset.serviced", aMinuteAhead));
  const { moments } = await shop.get<{ moments: Moment[] }>(`/v1/moments?personId=${personId}&open=true`);
  assert.deepEqual(
    moments.filter(({ kind }) => kind === "needs_care"),
    [],
    "looked after",
  );
});

test("somebody unknown is shown what others who looked at the same looked at next, a click later", async () => {
  const looks = (who: string, skus: readonly string[], minutes: number) =>
    skus.map((sku, i) => ({
      ...{ id: `look-${who}-${i}`, type: "item.viewed", time: at(minutes + i), channel: "web" },
      ...{ identities: { anonymous: who }, data: { sku } },
    }));
  const visitors = Array.from({ length: 150 }, (_, i) =>
    looks(`v${i}`, ["rice-2kg", "whisk"], -600 * (150 - i)),
  );
  await shop.send(...visitors.flat());
  await train(shop);
  const ask = (sku: string) => shop.decide({ context: { sku, viewed: ["softener-1l"] } });
  const reasonFor = async (sku: string, shown: string): Promise<string | undefined> =>
    (await ask(sku)).items.find((one) => one.sku === shown)?.reason.en;
  for (let tries = 0; tries < 100 && (await ask("rice-2kg")).items.length === 0; tries++);
  const answer = await ask("rice-2kg");
  assert.equal(answer.basis, "nobody");
  const why = await shop.get<{ shown: { sku?: string; parts: { evidence: string }[] }[] }>(
    `/v1/decisions/${answer.decisionId}/why`,
  );
  const whisk = why.shown.find(({ sku }) => sku === "whisk")!;
  assert.ok(
    whisk.parts.some(({ evidence }) => evidence === "next:rice-2kg"),
    JSON.stringify(whisk.parts),
  );
  assert.match((await reasonFor("rice-2kg", "whisk")) ?? "", /Arroz|rice/i);
});

test("what was decided with earlier models is decided again, letter by letter", async () => {
  const { version } = await shop.get<Model>("/v1/models/purchases");
  const replayed = await shop.post<{ matches: boolean; versions: { scores: string } }>(
    `/v1/decisions/${decided}/replay`,
  );
  assert.equal(replayed.matches, true);
  assert.ok(!replayed.versions.scores.split("+").includes(version), "another model is in charge by now");
});

test("what will be asked for is told week by week, with the points past errors set", async () => {
  const { weeks } = await shop.get<{ weeks: { low: number; median: number; high: number }[] }>(
    "/v1/demand?sku=detergent-3kg",
  );
  assert.equal(weeks.length, 4);
  for (const { low, median, high } of weeks) assert.ok(low <= median && median <= high && high > 5);
});

test("how likely a visit is to end with buying is told while it lasts, of nobody in particular", async () => {
  type Answer = { chance: number; usual: number; code?: string };
  const startedAt = at(-6 * 60);
  const ask = async (viewed: string[]) =>
    (await shop.ask<Answer>("POST", "/v1/intent", { viewed, startedAt })).body;
  assert.equal((await ask(["whisk"])).code, "model_unknown");
  const looked = (visitor: number, sku: string, minutes: number) => ({
    ...{ id: `look-${visitor}-${sku}`, source: "web", type: "item.viewed", data: { sku } },
    ...{ time: at(minutes), identities: { device: `visitor-${visitor}` } },
  });
  for (let visitor = 0; visitor < 180; visitor++) {
    const minutes = -60 * 24 * 20 + visitor * 130;
    const device = { device: `visitor-${visitor}` };
    const isKeen = visitor % 3 === 0;
    const skus = isKeen ? ["coffee-500g", "whisk"] : ["rice-2kg"];
    await shop.send(
      ...skus.map((sku, nth) => looked(visitor, sku, minutes + nth)),
      ...(isKeen ? [sale(`keen-${visitor}`, at(minutes + 5), device, ["whisk"])] : []),
    );
  }
  await untilHeard(shop);
  await train(shop);
  const [keen, idle] = [await ask(["coffee-500g", "whisk"]), await ask(["rice-2kg"])];
  assert.ok(keen.chance > keen.usual && idle.chance < idle.usual, JSON.stringify({ keen, idle }));
});

test("what a change of price does is told from weeks in which things cost something else than usual", async () => {
  const path = "/v1/items/coffee-filters/price-response?priceRatio=0.8";
  type Answer = {
    code?: string;
    elasticity: { value: number };
    units: { value: number; low: number; high: number };
  };
  assert.equal((await shop.ask<Answer>("GET", path)).body.code, "model_unknown");
  // Sixty weeks of three items; each costs a fifth less in a week of its own of every three, and sells twice as often.
  for (let week = 0; week < 60; week++) {
    const sales = ["coffee-filters", "whisk", "rice-2kg"].flatMap((sku, nth) => {
      const isCheap = (week + nth) % 3 === 0;
      return Array.from({ length: isCheap ? 6 : 3 }, (_, buyer) => ({
        ...{ id: `price-${week}-${sku}-${buyer}`, source: "pos", type: "order.placed", store: "GYE-01" },
        time: at(-60 * 24 * (7 * week + 1) - buyer),
        identities: { device: `buyer-${buyer}` },
        data: {
          ...{ orderId: `price-${week}-${sku}-${buyer}`, currency: "USD", totalMinor: isCheap ? 160 : 200 },
          lines: [{ sku, quantity: 1, amountMinor: isCheap ? 160 : 200 }],
        },
      }));
    });
    await shop.send(...sales);
  }
  await untilHeard(shop);
  await train(shop);
  const { elasticity, units } = (await shop.ask<Answer>("GET", path)).body;
  assert.ok(elasticity.value < -1 && units.low <= units.value && units.value <= units.high);
  assert.ok(units.value > 1.4 && units.value < 2.6, JSON.stringify(units));
});

test("a day on which a place had strangely few or many orders is told, with what would have been usual", async () => {
  // Nothing is sold there on this day of the week; somebody's video had forty people come.
  const crowd = Array.from({ length: 40 }, (_, buyer) => ({
    ...{ id: `video-${buyer}`, source: "pos", type: "order.placed", store: "GYE-01" },
    ...{ time: at(-60 * 24 * 3 - buyer), identities: { device: `viewer-${buyer}` } },
    data: {
      orderId: `video-${buyer}`,
      currency: "USD",
      totalMinor: 200,
      lines: [{ sku: "whisk", quantity: 1, amountMinor: 200 }],
    },
  }));
  await shop.send(...crowd);
  await untilHeard(shop);
  await train(shop);
  type Strange = {
    day: string;
    orders: number;
    usual: { high: number };
    direction: string;
    says: { en: string };
  };
  const { anomalies } = await shop.get<{ anomalies: Strange[] }>("/v1/anomalies?place=GYE-01");
  const [video] = anomalies.filter(({ orders }) => orders >= 30);
  assert.ok(video !== undefined && video.usual.high < 20, JSON.stringify(anomalies));
  assert.equal(video.direction, "more");
  assert.match(video.says.en, /^GYE-01.*: \d+ orders on \w+day \d{4}-\d\d-\d\d, where 0 to \d+ are usual\.$/);
});
