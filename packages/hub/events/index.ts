export { type Consumer, type ReadEvent, startConsumer } from "./consume.ts";
export { byTime, type KeptEvent } from "./event.ts";
export { createIntake, type Fate, type Frame, type Intake, type Taken } from "./intake.ts";
export { eraseEventsOf, readEventsOf, readEventsOfMany } from "./log-store.ts";
export type { Home, LoggedEvent, PeopleNeeds, Settled } from "./needs.ts";
export type { Rejected, Tally } from "./store.ts";
