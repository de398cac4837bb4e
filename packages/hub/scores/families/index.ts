import type { Family } from "../training/family.ts";
import { affinity } from "./affinity.ts";
import { anomaly } from "./anomaly.ts";
import { basket } from "./basket.ts";
import { care } from "./care.ts";
import { churn } from "./churn.ts";
import { demand } from "./demand.ts";
import { intent } from "./intent.ts";
import { lifetime } from "./lifetime.ts";
import { price } from "./price.ts";
import { purchases } from "./purchases/index.ts";
import { session } from "./session.ts";
import { uplift } from "./uplift.ts";

/** All families, in the sequence in which they are trained. */
export const families: readonly Family[] = [
  ...[purchases, affinity, basket, session, intent],
  ...[lifetime, churn, uplift, care, demand, price, anomaly],
];
