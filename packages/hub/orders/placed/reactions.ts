import type { PersonId } from "@trato/base";
import { nobody } from "@trato/base";
import { ownSource, type ReadEvent } from "../../events/index.ts";
import type { Queries } from "../../platform/index.ts";
import type { Act } from "./order.ts";
import { actOf, foldOutside } from "./outside.ts";
import { findHubs, holdLiving, insertActs, readActs, replaceOutside } from "./store.ts";

/**
 * Keeps what other systems tell of their orders. The hub's own orders are told of by itself: an echo of one changes
 * nothing. An event may have been read just before its person was erased: who is gone is gone.
 */
export async function hear(tx: Queries, events: readonly ReadEvent[]): Promise<void> {
  const foreign = events.filter(({ event }) => event.source !== ownSource);
  const people = [...new Set(foreign.map(({ personId }) => personId))].filter((id) => id !== nobody);
  const living = people.length === 0 ? new Set<string>() : await holdLiving(tx, people as PersonId[]);
  const acts = foreign.flatMap(({ event, ...one }): Act[] => {
    const personId = one.personId === nobody ? null : (one.personId as PersonId);
    if (personId !== null && !living.has(personId)) return [];
    const act = actOf({ ...event, personId });
    return act === null ? [] : [act];
  });
  const own = await findHubs(tx, [...new Set(acts.map(({ orderId }) => orderId))]);
  const changed = await insertActs(
    tx,
    acts.filter(({ orderId }) => !own.has(orderId)),
  );
  await settleOutside(tx, [...changed]);
}

/** Works out again what is known of some orders of other systems. */
async function settleOutside(tx: Queries, orderIds: readonly string[]): Promise<void> {
  if (orderIds.length === 0) return;
  const actsOf = Map.groupBy(await readActs(tx, orderIds), ({ orderId }) => orderId);
  const orders = [...actsOf.values()].map(foldOutside).filter((order) => order !== null);
  await replaceOutside(tx, orders);
}
