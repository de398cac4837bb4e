import { chance, pickInt } from "@trato/base";
import type { BenchHub } from "./hub.ts";
import { drive, type Load, requestBytes } from "./load.ts";
import { anySku } from "./shop.ts";

/** Decisions for people drawn evenly, half of them on an item's page. */
export async function driveDecisions(
  hub: BenchHub,
  options: { people: number; connections: number; seconds: number; seed: number; perSecond?: number },
): Promise<Load> {
  const draw = chance(options.seed);
  const next = () => {
    const identities = { email: `person-${pickInt(draw, options.people)}@example.com` };
    const context = draw() < 0.5 ? { sku: anySku(draw) } : {};
    const body = JSON.stringify({ placement: "web.home", identities, limit: 4, context });
    return requestBytes("POST", "/v1/decisions", hub.key, body);
  };
  const { connections, seconds, perSecond } = options;
  const rate = perSecond === undefined ? {} : { perSecond };
  const load = await drive({ port: hub.port, connections, next, secondsMax: seconds, ...rate });
  if (load.failed > 0) throw new Error(`${load.failed} decisions were refused`);
  return load;
}
