export { normalizeIdentity, readIdentities } from "./check/index.ts";
export { type Consumer, type ReadEvent, startConsumer } from "./consume.ts";
export { byTime, type KeptEvent } from "./event.ts";
export { countersOf } from "./counters.ts";
export { createEvents, type Events } from "./events.ts";
export { createIntake, type Fate, type Frame, type Intake, type OwnEvent, type Taken } from "./intake.ts";
export { eraseEventsOf, readEventPage, readEventsOf, readEventsOfMany, readPurchases } from "./log-store.ts";
export type { Home, LoggedEvent, PeopleNeeds, Settled } from "./needs.ts";
export { type Rejected, rollUpTallies, type Tally } from "./store.ts";
