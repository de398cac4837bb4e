import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** What /metrics shows. No label ever names a person, an item or a key: their number would be without bound. */
export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    requestSeconds: new Histogram({
      name: "trato_http_request_seconds",
      help: "From the first byte of a request to the last of its answer.",
      labelNames: ["endpoint", "status"],
      buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers,
    }),
    intakeEvents: new Counter({
      name: "trato_intake_events_total",
      help: "Events by what became of them: applied, repeat, quarantined, erased.",
      labelNames: ["fate"],
      registers,
    }),
    intakeNotes: new Counter({
      name: "trato_intake_notes_total",
      help: "What had to be changed in events that were kept, such as card data removed.",
      labelNames: ["note"],
      registers,
    }),
    intakeWaiting: new Gauge({
      name: "trato_intake_waiting_events",
      help: "Events read and not yet committed.",
      registers,
    }),
    refoldedPeople: new Counter({
      name: "trato_refolded_people_total",
      help: "Profiles folded again from the log.",
      registers,
    }),
    decisions: new Counter({
      name: "trato_decisions_total",
      help: "Decisions by what they were based on.",
      labelNames: ["basis"],
      registers,
    }),
    streamsOpen: new Gauge({
      name: "trato_streams_open",
      help: "Readers who follow changes at this process.",
      registers,
    }),
    streamsDropped: new Counter({
      name: "trato_streams_dropped_total",
      help: "Streams that the hub ended, by reason: slow, key_revoked, stopping.",
      labelNames: ["reason"],
      registers,
    }),
    databaseUp: new Gauge({ name: "trato_database_up", help: "1 when the database answers.", registers }),
    diskFreeBytes: new Gauge({
      name: "trato_disk_free_bytes",
      help: "Free on the disk that holds the data.",
      registers,
    }),
  };
}
export type Metrics = ReturnType<typeof createMetrics>;
