import type { Clock } from "@trato/base";
import type { Counter } from "prom-client";
import type { Database, Log, Metrics, Route } from "../platform/index.ts";
import type { NoteCode } from "./check/index.ts";
import type { KeptEvent } from "./event.ts";
import { createIntake, type Frame, type Intake, type Taken } from "./intake.ts";
import type { PeopleNeeds } from "./needs.ts";
import { countersRoute } from "./routes/counters.ts";
import { quarantineRoutes } from "./routes/quarantine.ts";
import { settingsRoutes } from "./routes/settings.ts";
import { takeRoutes } from "./routes/take-events.ts";
import type { Tally } from "./store.ts";

export type Events = { readonly intake: Intake; readonly routes: readonly Route[] };

/** The events room: takes in, checks, keeps once, hands on. */
export function createEvents(needs: {
  readonly database: Database;
  readonly people: PeopleNeeds;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly country: string;
  /** Told of what was applied, once it is durable. */
  readonly onTaken: (applied: readonly KeptEvent[]) => void;
}): Events {
  const { database, clock, log, metrics, country } = needs;
  const onTaken = ({ tally, fates }: Taken, frame: Frame) => {
    countFates(metrics.intakeEvents, tally);
    if (tally.applied > 0) needs.onTaken(frame.events.filter((_, i) => fates[i] === "applied"));
  };
  const onNotes = (source: string, notes: ReadonlyMap<NoteCode, number>) => {
    for (const [code, count] of notes) metrics.intakeNotes.inc({ note: code }, count);
    const cards = notes.get("pci_redacted");
    if (cards !== undefined)
      log.warn({ source, events: cards }, "a source sends card numbers; they were blanked");
  };
  const intake = createIntake({ database, people: needs.people, clock, log, onTaken });
  const routes = [
    ...takeRoutes({ intake, country, onNotes }),
    ...settingsRoutes(),
    countersRoute(database),
    ...quarantineRoutes({ queries: database, intake, clock, country }),
  ];
  return { intake, routes };
}

function countFates(counter: Counter<"fate">, tally: Tally): void {
  for (const fate of ["applied", "repeat", "quarantined", "erased"] as const) {
    if (tally[fate] > 0) counter.inc({ fate }, tally[fate]);
  }
}
