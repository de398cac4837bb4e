import { driveDecisions } from "./lib/deciding.ts";
import type { Report } from "./lib/figure.ts";
import { startBenchHub } from "./lib/hub.ts";
import { quantile } from "./lib/load.ts";
import { fillShop, trainShop } from "./lib/shop.ts";

const few = 20_000;
const many = 200_000;
const perSecond = 400;

/** The same load on a small shop and on one with ten times the people: latency at a rate both carry with ease. */
export async function scale(report: Report): Promise<void> {
  const small = await latencyWith(few);
  const large = await latencyWith(many);
  report("p50_ms_20k_people", small.p50Ms, "ms");
  report("p50_ms_200k_people", large.p50Ms, "ms", { floor: small.p50Ms, atMost: small.p50Ms * 1.15 });
  report("p99_ms_200k_people", large.p99Ms, "ms", { floor: small.p99Ms });
}

async function latencyWith(people: number): Promise<{ p50Ms: number; p99Ms: number }> {
  const hub = await startBenchHub();
  try {
    await fillShop(hub, people);
    await trainShop(hub);
    await driveDecisions(hub, { people, connections: 4, seconds: 5, seed: 4 });
    const { latenciesMs } = await driveDecisions(hub, {
      people,
      connections: 4,
      seconds: 15,
      seed: 5,
      perSecond,
    });
    return { p50Ms: quantile(latenciesMs, 0.5), p99Ms: quantile(latenciesMs, 0.99) };
  } finally {
    await hub.stop();
  }
}
