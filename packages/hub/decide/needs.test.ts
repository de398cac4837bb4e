import assert from "node:assert/strict";
import { test } from "node:test";
import type { PressureState } from "../measure/index.ts";
import type { MomentsState } from "../moments/index.ts";
import type { OrdersState } from "../orders/index.ts";
import type { ConsentState, TraitsState } from "../people/index.ts";
import type { InterestState } from "../scores/index.ts";
import type { SeenSlices } from "./needs.ts";
import { folder } from "./testing/hub.ts";
import { decideHere, person } from "./testing/shop.ts";

type Kept = {
  orders: OrdersState;
  interest: InterestState;
  moments: MomentsState;
  traits: TraitsState;
  consent: ConsentState;
  pressure: PressureState;
};

/** Does not compile when a room keeps something else than a decision reads. */
const asSeen = (kept: Kept): SeenSlices => kept;

test("a person about whom every room has just begun to keep something can be decided for", () => {
  const record = decideHere({ profile: person(asSeen(folder.start() as Kept)) });
  assert.equal(record.basis, "no_consent");
  assert.deepEqual(record.shown, decideHere({}).shown);
});
