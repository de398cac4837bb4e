import { systemClock } from "@trato/base";
import { driveDecisions } from "./lib/deciding.ts";
import type { Report } from "./lib/figure.ts";
import { measureFloor } from "./lib/floor.ts";
import { type BenchHub, startBenchHub } from "./lib/hub.ts";
import { openConnection, quantile, requestBytes } from "./lib/load.ts";
import { fillShop, trainShop } from "./lib/shop.ts";

const people = 100_000;
const seconds = 12;

/** Whole decisions through HTTP, against bare Fastify with one primary-key read of the same row. */
export async function decide(report: Report): Promise<void> {
  const hub = await startBenchHub();
  try {
    await fillShop(hub, people);
    await trainShop(hub);
    await hub.quiet();
    await driveDecisions(hub, { people, connections: 16, seconds: 6, seed: 1 });
    const full = await driveDecisions(hub, { people, connections: 16, seconds, seed: 2 });
    const perSecond = full.done / full.seconds;
    const half = await driveDecisions(hub, {
      people,
      connections: 16,
      seconds,
      seed: 3,
      perSecond: Math.floor(perSecond / 2),
    });
    const floor = await measureFloor(hub, { entry: "bare-fastify.ts", path: "/person", connections: 16 });
    report("decisions_per_s", perSecond, "decisions/s", { floor: floor.perSecond, atLeast: 3_000 });
    report("p50_ms", quantile(half.latenciesMs, 0.5), "ms", { floor: floor.p50Ms, atMost: 2 });
    report("p99_ms", quantile(half.latenciesMs, 0.99), "ms", { floor: floor.p99Ms, atMost: 10 });
    report("hub_rss_mb", hub.residentBytes() / 2 ** 20, "MB");
    await nextRequestSeesIt(hub, report);
  } finally {
    await hub.stop();
  }
}

/** From an event's acknowledgement to a decision that reflects it: the next request on the same connection. */
async function nextRequestSeesIt(hub: BenchHub, report: Report): Promise<void> {
  const connection = await openConnection(hub.port);
  const tries = 200;
  let seen = 0;
  for (let i = 0; i < tries; i++) {
    const email = `person-${i}@example.com`;
    const no = {
      purpose: "personalise",
      channel: "any",
      textVersion: "1",
      language: "es",
      evidence: "Said at the till.",
    };
    const event = {
      id: `no-${i}`,
      type: "consent.withdrawn",
      time: new Date(systemClock.nowMs()).toISOString(),
      identities: { email },
      data: no,
    };
    const sent = await connection.ask(
      requestBytes("POST", "/v1/events", hub.key, JSON.stringify({ events: [event] })),
    );
    if (!sent.body.includes('"applied":1')) throw new Error(`the event was not applied: ${sent.body}`);
    const body = JSON.stringify({ placement: "web.home", identities: { email } });
    const answer = await connection.ask(requestBytes("POST", "/v1/decisions", hub.key, body));
    const { basis } = JSON.parse(answer.body) as { basis: string };
    if (basis !== "personal") seen += 1;
  }
  connection.close();
  report("event_seen_by_next_decision", seen / tries, "share", { atLeast: 1 });
}
