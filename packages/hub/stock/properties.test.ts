import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import fc from "fast-check";
import { Model } from "./testing/model.ts";
import { testRoom } from "./testing/room.ts";

const placeIds = ["A", "B"];
const room = await testRoom(placeIds);
after(() => room.stop());

const sku = fc.constantFrom("x", "y");
const place = fc.constantFrom(...placeIds);
const some = fc.integer({ min: 1, max: 6 });
const name = fc.constantFrom("1", "2", "3");

/** What can happen to stock. Items, holds and orders have few names, so that commands meet. */
const command = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("hold" as const),
      hold: name,
      x: fc.nat(4),
      y: fc.nat(4),
      ttl: fc.integer({ min: 1, max: 4 }),
      guess: fc.subarray(["x", "y"]),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("allocate" as const), hold: name, order: name }) },
  fc.record({ do: fc.constant("release" as const), hold: name }),
  fc.record({
    do: fc.constantFrom("ship" as const, "deallocate" as const),
    order: name,
    sku,
    place,
    units: some,
    all: fc.boolean(),
  }),
  fc.record({ do: fc.constant("count" as const), sku, place, units: fc.nat(8) }),
  fc.record({
    do: fc.constant("change" as const),
    sku,
    place,
    units: fc.integer({ min: -3, max: 5 }).filter((n) => n !== 0),
  }),
  fc.record({ do: fc.constantFrom("receive" as const, "return" as const), sku, place, units: some }),
  fc.record({ do: fc.constant("send" as const), sku, from: place, units: some }),
  { weight: 2, arbitrary: fc.record({ do: fc.constant("wait" as const), ticks: some }) },
  fc.record({ do: fc.constant("tidy" as const) }),
);
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

let run = 0;
let made = 0;
const inTx = <T>(work: Parameters<typeof room.database.transaction<T>>[0]) => room.database.transaction(work);

/** A hold of all lines or none, at the first place that has everything if one has. */
async function obeyHold(
  model: Model,
  one: Extract<Command, { do: "hold" }>,
  own: (id: string) => string,
): Promise<void> {
  const lines = (["x", "y"] as const).flatMap((id) =>
    one[id] === 0 ? [] : [{ sku: own(id), quantity: one[id] }],
  );
  if (lines.length === 0) return;
  const want = room.want(own(one.hold), lines, {
    ...{ expiresMs: model.nowMs + one.ttl, changing: one.guess.map(own) },
  });
  const [held] = await room.hold(want);
  assert.equal(held?.ok, model.canHold(own(one.hold), lines), "held exactly when it can be");
  if (held?.ok !== true) return;
  const preferred = model.firstWithAll(own(one.hold), lines);
  if (preferred !== undefined)
    assert.ok(
      held.value.lines.every(({ placeId }) => placeId === preferred),
      "the first place that has everything",
    );
  for (const { sku, placeId, quantity } of held.value.lines)
    assert.ok(quantity <= model.roomFor(own(one.hold), sku, placeId), "no more than is there");
  const sums = new Map<string, number>();
  for (const { sku, quantity } of held.value.lines) sums.set(sku, (sums.get(sku) ?? 0) + quantity);
  assert.deepEqual(sums, new Map(lines.map((line) => [line.sku, line.quantity])), "all lines, in full");
  model.holds.set(own(one.hold), { lines: held.value.lines, endsMs: want.expiresMs });
}

/** Does to the room and to the model what a command says, and compares what both say of it. */
async function obey(model: Model, one: Command): Promise<void> {
  const own = (id: string) => `${run}-${id}`;
  const commandId = `c-${made++}`;
  const { clock, stock } = room;
  switch (one.do) {
    case "hold": {
      await obeyHold(model, one, own);
      return;
    }
    case "allocate": {
      const [hold, order] = [own(one.hold), own(one.order)];
      const lines = model.linesOf(hold);
      const [done] = await room.allocate({ holdId: hold, orderId: order });
      assert.equal(done?.ok, lines.length > 0);
      model.orders.set(order, [...(model.orders.get(order) ?? []), ...lines]);
      if (lines.length > 0) model.holds.delete(hold);
      return;
    }
    case "release":
      assert.deepEqual(await room.release(own(one.hold)), [model.linesOf(own(one.hold)).length > 0]);
      model.holds.delete(own(one.hold));
      return;
    case "ship":
    case "deallocate":
      return moveOrder(model, one, commandId);
    case "count":
      await room.feed({ sku: own(one.sku), placeId: one.place, onHand: one.units });
      // A count says what is there at this instant, and what moved at this very instant came after it.
      clock.advance(1);
      model.nowMs = clock.nowMs();
      await room.feed({ sku: own(one.sku), placeId: one.place, onHand: one.units });
      return model.count(own(one.sku), one.place, one.units);
    case "change":
      await room.feed({ sku: own(one.sku), placeId: one.place, delta: one.units, commandId });
      return model.move(own(one.sku), one.place, one.units);
    case "receive":
    case "return": {
      const reason = one.do === "receive" ? ("receipt" as const) : ("return" as const);
      const receipt = { sku: own(one.sku), placeId: one.place, quantity: one.units, commandId, reason };
      await inTx((tx) => stock.receive(tx, [receipt, receipt], clock.nowMs()));
      return model.move(receipt.sku, one.place, one.units);
    }
    case "send":
      return send(model, own(one.sku), one, commandId);
    case "wait":
      clock.advance(one.ticks);
      model.nowMs = clock.nowMs();
      return;
    case "tidy":
      await inTx((tx) => stock.tidy(tx, clock.nowMs()));
      return;
  }
}

async function moveOrder(
  model: Model,
  one: Extract<Command, { do: "ship" | "deallocate" }>,
  commandId: string,
): Promise<void> {
  const orderId = `${run}-${one.order}`;
  const [sku, placeId] = [`${run}-${one.sku}`, one.place];
  const aside = model.orders.get(orderId) ?? [];
  const part = { sku, placeId, quantity: one.units };
  const move = { orderId, commandId, ...(one.all ? {} : { lines: [part] }) };
  const [done] = await inTx((tx) => room.stock[one.do](tx, [move], room.clock.nowMs()));
  const there = model.allocatedTo(orderId, sku, placeId);
  assert.equal(done?.ok, one.all || there >= one.units);
  if (done?.ok !== true) return;
  if (one.do === "ship") {
    for (const line of one.all ? aside : [part]) model.move(line.sku, line.placeId, -line.quantity);
  }
  model.takeAside(orderId, one.all ? undefined : part);
}

async function send(
  model: Model,
  sku: string,
  { from, units }: { readonly from: string; readonly units: number },
  transferId: string,
): Promise<void> {
  const { clock, stock } = room;
  const to = placeIds.find((one) => one !== from)!;
  const free = model.available(sku, from);
  const lines = [{ sku, sent: units, received: 0, lost: 0 }];
  const transfer = {
    transferId,
    fromPlaceId: from,
    toPlaceId: to,
    sentMs: clock.nowMs(),
    state: "in_transit" as const,
    lines,
  };
  const asked = {
    transferId,
    commandId: transferId,
    lines: [{ sku, quantity: Math.ceil(units / 2) }],
    close: units % 3 === 0,
  };
  const undo = new Error("not sent");
  const sent = await inTx(async (tx) => {
    const done = await stock.sendTransfer(tx, transfer);
    if (!done.ok) throw undo;
    return true;
  }).catch((cause: unknown) => {
    if (cause !== undo) throw cause;
    return false;
  });
  assert.equal(sent, free >= units);
  if (!sent) return;
  await inTx((tx) => stock.receiveTransfer(tx, asked, clock.nowMs()));
  model.move(sku, from, -units);
  model.move(sku, to, Math.ceil(units / 2));
}

async function compare(model: Model, about: string): Promise<void> {
  for (const sku of [`${run}-x`, `${run}-y`]) {
    for (const placeId of placeIds) {
      const level = await room.level(sku, placeId);
      const said = level && [level.onHand, level.held, level.allocated, level.available];
      const wanted = [
        model.onHand.get(`${sku}@${placeId}`) ?? 0,
        model.held(sku, placeId),
        model.allocated(sku, placeId),
        model.available(sku, placeId),
      ];
      assert.deepEqual(said ?? [0, 0, 0, 0], wanted, `${sku} at ${placeId} ${about}`);
    }
  }
}

/** What the log told last of each item and place is what is there. */
async function assertTold(): Promise<void> {
  const wrong = await room.database.query({
    name: "",
    text: `with told as (
                  select distinct on (e.data ->> 'place', l ->> 'sku') e.data ->> 'place' as place_id, l ->> 'sku' as sku,
                         (l ->> 'onHand')::bigint as told_on_hand, (l ->> 'held')::bigint as told_held,
                         (l ->> 'allocated')::bigint as told_allocated, (l ->> 'inTransit')::bigint as told_transit,
                         (l ->> 'available')::bigint as told_available, (l ->> 'incoming')::bigint as told_incoming
                    from events_log e, json_array_elements(e.data -> 'levels') with ordinality as one (l, nth)
                   where e.type = 'stock.changed'
                   order by e.data ->> 'place', l ->> 'sku', e.position desc, nth desc)
           select * from stock_level left join told using (sku, place_id)
            where free + held + allocated - short <> coalesce(told_on_hand, 0) or held <> coalesce(told_held, 0)
               or allocated <> coalesce(told_allocated, 0) or transit <> coalesce(told_transit, 0)
               or incoming <> coalesce(told_incoming, 0) or greatest(free - safety, 0) <> coalesce(told_available, 0)`,
    values: [],
  });
  assert.deepEqual(wrong, []);
}

describe("stock against a model on paper", () => {
  test("whatever happens one after the other, both say the same, and the books balance", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 30 }), async (commands) => {
        run += 1;
        const model = new Model(placeIds);
        model.nowMs = room.clock.nowMs();
        for (const one of commands) {
          await obey(model, one);
          await compare(model, `after ${one.do}`);
        }
        await room.assertBooks();
        await assertTold();
      }),
      { numRuns: 25 },
    );
  });

  test("whatever happens at once, nothing is promised twice, and the books balance", async () => {
    const holds = fc.array(fc.tuple(name, some, some), { minLength: 4, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(holds, async (wants) => {
        run += 1;
        const own = (id: string) => `${run}-${id}`;
        await room.feed(...placeIds.map((placeId) => ({ sku: own("x"), placeId, onHand: 6 })));
        await Promise.all(
          wants.map(async ([id, quantity, next], i) => {
            if (next % 3 === 0)
              await room.feed({ sku: own("x"), placeId: "A", delta: -1, commandId: own(`d${i}`) });
            await room.hold(room.want(own(id), [{ sku: own("x"), quantity }]));
            if (next % 2 === 0) await room.release(own(id));
            else if (next % 5 === 0) await room.allocate({ holdId: own(id), orderId: own(id) });
          }),
        );
        await room.assertBooks();
        await assertTold();
        for (const placeId of placeIds) {
          const level = await room.level(own("x"), placeId);
          assert.ok(level!.held + level!.allocated <= 6, "never more than there was");
        }
      }),
      { numRuns: 15 },
    );
  });
});
