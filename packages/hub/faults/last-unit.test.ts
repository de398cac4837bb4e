import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { chance, pickInt, systemClock } from "@trato/base";
import { openConnection, requestBytes } from "../../../bench/lib/load.ts";
import { checkBooks } from "../stock/index.ts";
import { bundleOf, placeOf } from "../stock/testing/room.ts";
import { ask, type HubAt } from "../testing/ask.ts";
import { testDatabase } from "../testing/database.ts";
import { testHub } from "../testing/hub.ts";

const clients = 200;
const database = await testDatabase();
const hubs = await Promise.all([testHub({ database }), testHub({ database })]);
const seed = systemClock.nowMs() % 1_000_000;
const draw = chance(seed);
after(async () => {
  for (const hub of hubs) await hub.stop();
  await database.stop();
});

type Line = { readonly sku: string; readonly quantity: number };
type Connection = Awaited<ReturnType<typeof openConnection>>;
type Client = { readonly at: HubAt; readonly connection: Connection };

/** Half of them speak to one hub, half to the other. */
async function openClients(): Promise<Client[]> {
  return Promise.all(
    Array.from({ length: clients }, async (_, i) => {
      const at = hubs[i % hubs.length]!;
      return { at, connection: await openConnection(Number(new URL(at.url).port)) };
    }),
  );
}

const bytes = ({ at }: Client, holdId: string, lines: readonly Line[]): Buffer => {
  const body = JSON.stringify({ holdId, owner: holdId, channel: "web", lines });
  return requestBytes("POST", "/v1/holds", at.key, body);
};

/** All at once; what each was answered, in their order. */
async function storm(round: string, open: readonly Client[], linesOf: (i: number) => readonly Line[]) {
  const requests = open.map((client, i) => bytes(client, `${round}-${i}`, linesOf(i)));
  return Promise.all(open.map(({ connection }, i) => connection.ask(requests[i]!)));
}

const feed = (levels: readonly object[]) => ask(hubs[0]!, "PUT", "/v1/stock", { levels });
const levelOf = async (sku: string) => {
  const { body } = await ask<{ levels: { held: number; available: number }[] }>(
    hubs[1]!,
    "GET",
    `/v1/stock?sku=${sku}`,
  );
  return body.levels[0]!;
};

describe(`200 clients over two hubs of one database (seed ${seed})`, () => {
  let open: Client[] = [];
  before(async () => {
    const one = { quantity: 1 };
    await ask(hubs[0]!, "PUT", "/v1/places", { places: [placeOf("A"), placeOf("B")] });
    await ask(hubs[0]!, "PUT", "/v1/items", {
      items: [
        bundleOf("breakfast", [
          { sku: "last", ...one },
          { sku: "bread", ...one },
        ]),
        bundleOf("picnic", [
          { sku: "wine", ...one },
          { sku: "last", ...one },
          { sku: "bread", ...one },
        ]),
      ],
    });
    await Promise.all(hubs.map(({ hub }) => hub.rooms.catalog.refresh()));
    await feed([
      { sku: "last", placeId: "A", onHand: 1 },
      ...["bread", "wine"].map((sku) => ({ sku, placeId: "A", onHand: 1_000 })),
    ]);
    open = await openClients();
  });
  after(() => {
    for (const { connection } of open) connection.close();
  });

  test("the last unit goes to one of them, 199 are told no, in any mix of items and bundles, 50 times (C1)", async () => {
    const wanted = ["last", "breakfast", "picnic"];
    for (let round = 0; round < 50; round++) {
      const mix = open.map(() => wanted[pickInt(draw, wanted.length)]!);
      const answers = await storm(`c1-${round}`, open, (i) => [{ sku: mix[i]!, quantity: 1 }]);
      const about = `round ${round}, seed ${seed}`;
      const won = answers.flatMap(({ status }, i) => (status === 201 ? [i] : []));
      assert.equal(won.length, 1, about);
      const told = answers.filter(({ body }) => body.includes('"code":"out_of_stock"'));
      assert.deepEqual(
        [told.length, new Set(told.map(({ status }) => status))],
        [clients - 1, new Set([409])],
        about,
      );
      const winner = mix[won[0]!]!;
      const held = await Promise.all(["last", "bread", "wine"].map(async (sku) => (await levelOf(sku)).held));
      assert.deepEqual(held, [1, winner === "last" ? 0 : 1, winner === "picnic" ? 1 : 0], about);
      assert.equal(
        (await ask(hubs[round % 2]!, "DELETE", `/v1/holds/c1-${round}-${won[0]}`)).status,
        200,
        about,
      );
    }
    assert.deepEqual((await checkBooks(database.database)).wrong, [], `seed ${seed}`);
  });

  test("200 carts with two items in opposite order: no deadlock reaches anybody, nothing is held in part (C2)", async () => {
    for (let round = 0; round < 5; round++) {
      const [one, two] = [`one-${round}`, `two-${round}`];
      await feed(
        [one, two].flatMap((sku) => [
          { sku, placeId: "A", onHand: 60 },
          { sku, placeId: "B", onHand: 40 },
        ]),
      );
      const lines = [one, two].map((sku) => ({ sku, quantity: 1 }));
      const answers = await storm(`c2-${round}`, open, (i) => (i % 2 === 0 ? lines : lines.toReversed()));
      const count = (status: number) => answers.filter((answer) => answer.status === status).length;
      assert.deepEqual([count(201), count(409)], [100, 100], `round ${round}, seed ${seed}`);
      for (const sku of [one, two]) assert.equal((await levelOf(sku)).available, 0);
    }
    assert.deepEqual((await checkBooks(database.database)).wrong, [], `seed ${seed}`);
  });
});
