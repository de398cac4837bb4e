import type { Report } from "./lib/figure.ts";
import { measureFloor } from "./lib/floor.ts";
import { startBenchHub } from "./lib/hub.ts";
import { drive, quantile, requestBytes } from "./lib/load.ts";
import { askOnce, fillSelling, openCarts } from "./lib/selling.ts";

const orders = Number(process.env["BENCH_ORDERS"] ?? 6_000);
const connections = 32;
const secondsMax = 60;

/** Orders of three lines with two tenders, each from a cart that holds its goods; the books are balanced afterwards. */
export async function order(report: Report): Promise<void> {
  const hub = await startBenchHub();
  try {
    await fillSelling(hub);
    const carts = await openCarts(hub, orders, 3);
    let nth = 0;
    const next = () => {
      const cart = carts[nth++];
      if (cart === undefined) return undefined;
      const card = { kind: "card", amountMinor: cart.totalMinor - 100, reference: `terminal/${cart.cartId}` };
      const tenders = [{ kind: "cash", amountMinor: 100, givenMinor: 100 }, card];
      const key = `${hub.key}\r\nidempotency-key: ${cart.cartId}`;
      return requestBytes("POST", `/v1/carts/${cart.cartId}/order`, key, JSON.stringify({ tenders }));
    };
    const before = hub.cpuUs();
    const load = await drive({ port: hub.port, connections, next, secondsMax });
    const after = hub.cpuUs();
    if (load.failed > 0) throw new Error(`${load.failed} of ${load.done} orders were refused`);
    const books = await askOnce(hub, requestBytes("POST", "/v1/verify", hub.key, "{}"));
    const floor = await measureFloor(hub, { entry: "bare-update.ts", path: "/row", connections });
    report("orders_per_s", load.done / load.seconds, "orders/s", { floor: floor.perSecond, atLeast: 300 });
    report("p99_ms", quantile(load.latenciesMs, 0.99), "ms", { floor: floor.p99Ms });
    report("hub_cpu_us", (after.hub - before.hub) / load.done, "µs/order");
    report("postgres_cpu_us", (after.postgres - before.postgres) / load.done, "µs/order");
    report("books_balance", books.includes('"ok":true') ? 1 : 0, "share", { atLeast: 1 });
  } finally {
    await hub.stop();
  }
}
