import { affinity } from "./affinity.ts";
import { anomaly } from "./anomaly.ts";
import { basket } from "./basket.ts";
import { demand } from "./demand.ts";
import { hazard } from "./hazard.ts";
import { intent } from "./intent.ts";
import { lifetime } from "./lifetime.ts";
import { offPolicy } from "./off-policy.ts";
import { price } from "./price.ts";
import type { Family } from "./result.ts";
import { rhythm } from "./rhythm.ts";
import { sequence } from "./sequence.ts";
import { session } from "./session.ts";
import { speed } from "./speed.ts";
import { uplift } from "./uplift.ts";

/** Every family of models that is held against published results; each in a file of its own. */
export const families: Readonly<Record<string, Family>> = {
  affinity,
  anomaly,
  basket,
  demand,
  hazard,
  intent,
  lifetime,
  "off-policy": offPolicy,
  price,
  rhythm,
  sequence,
  session,
  speed,
  uplift,
};
