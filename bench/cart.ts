import type { Report } from "./lib/figure.ts";
import { measureFloor } from "./lib/floor.ts";
import { type BenchHub, startBenchHub } from "./lib/hub.ts";
import { quantile } from "./lib/load.ts";
import { driveAdds, fillPromotions, fillSelling, type OpenedCart, openCarts } from "./lib/selling.ts";

const carts = 2_000;
const connections = 64;
const seconds = Number(process.env["BENCH_SECONDS"] ?? 12);
const rules = 100;

/** Adds through HTTP: hold, prices, promotions, taxes, event, profile, announcement and idempotency, all durable. */
export async function cart(report: Report): Promise<void> {
  const hub = await startBenchHub();
  try {
    await fillSelling(hub);
    const opened = await openCarts(hub, carts, 0);
    await driveAdds(hub, opened, { connections, seconds: seconds / 2, seed: 1 });
    const without = await measureAdds(hub, opened, 2);
    await hub.quiet();
    const half = await measureHalf(hub, opened, Math.floor(without.perSecond / 2));
    await fillPromotions(hub, rules);
    await driveAdds(hub, opened, { connections, seconds: seconds / 2, seed: 4 });
    const with100 = await measureAdds(hub, opened, 5);
    await hub.quiet();
    const floor = await measureFloor(hub, { entry: "bare-update.ts", path: "/row", connections });
    report("adds_per_s", without.perSecond, "adds/s", { floor: floor.perSecond, atLeast: 1_500 });
    report("p50_ms", quantile(half.latenciesMs, 0.5), "ms", { floor: floor.p50Ms });
    report("p99_ms", quantile(half.latenciesMs, 0.99), "ms", { floor: floor.p99Ms, atMost: 20 });
    report("hub_cpu_us", without.hubUs, "µs/add");
    report("postgres_cpu_us", without.postgresUs, "µs/add");
    report("rules_100_cost", with100.cpuUs / without.cpuUs, "×", { atMost: 1.5 });
  } finally {
    await hub.stop();
  }
}

/** At a steady rate, the first seconds left out: after a rest and a checkpoint everything is cold. */
async function measureHalf(hub: BenchHub, opened: readonly OpenedCart[], perSecond: number) {
  await driveAdds(hub, opened, { connections, seconds: 3, seed: 30, perSecond });
  return driveAdds(hub, opened, { connections, seconds, seed: 3, perSecond });
}

async function measureAdds(hub: BenchHub, opened: readonly OpenedCart[], seed: number) {
  const before = hub.cpuUs();
  const load = await driveAdds(hub, opened, { connections, seconds, seed });
  const after = hub.cpuUs();
  const hubUs = (after.hub - before.hub) / load.done;
  const postgresUs = (after.postgres - before.postgres) / load.done;
  return { perSecond: load.done / load.seconds, hubUs, postgresUs, cpuUs: hubUs + postgresUs };
}
