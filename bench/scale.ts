import { driveDecisions } from "./lib/deciding.ts";
import type { Report } from "./lib/figure.ts";
import { type BenchHub, startBenchHub } from "./lib/hub.ts";
import { quantile } from "./lib/load.ts";
import { fillShop, trainShop } from "./lib/shop.ts";

const few = 20_000;
const many = 200_000;
const perSecond = 400;
const rounds = 6;
const secondsPerRound = 5;

type Shop = { readonly hub: BenchHub; readonly people: number; readonly latenciesMs: number[] };

/**
 * The same load on a small shop and on one with ten times the people, by turns so that both meet the same machine:
 * latency at a rate both carry with ease.
 */
export async function scale(report: Report): Promise<void> {
  const shops: Shop[] = [];
  try {
    for (const people of [few, many]) shops.push(await openShop(people));
    for (let round = 0; round < rounds; round++) {
      for (const shop of round % 2 === 0 ? shops : [...shops].reverse()) await ask(shop, round);
    }
    const [small, large] = shops.map(({ latenciesMs }) => Float64Array.from(latenciesMs).sort());
    const smallP50Ms = quantile(small!, 0.5);
    report("p50_ms_20k_people", smallP50Ms, "ms");
    report("p50_ms_200k_people", quantile(large!, 0.5), "ms", {
      floor: smallP50Ms,
      atMost: smallP50Ms * 1.15,
    });
    report("p99_ms_200k_people", quantile(large!, 0.99), "ms", { floor: quantile(small!, 0.99) });
  } finally {
    await Promise.all(shops.map(({ hub }) => hub.stop()));
  }
}

async function openShop(people: number): Promise<Shop> {
  const hub = await startBenchHub();
  await fillShop(hub, people);
  await trainShop(hub);
  await hub.quiet();
  await driveDecisions(hub, { people, connections: 4, seconds: 5, seed: 4 });
  return { hub, people, latenciesMs: [] };
}

async function ask({ hub, people, latenciesMs }: Shop, round: number): Promise<void> {
  const load = { people, connections: 4, seconds: secondsPerRound, seed: 5 + round, perSecond };
  latenciesMs.push(...(await driveDecisions(hub, load)).latenciesMs);
}
