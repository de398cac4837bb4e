import { hourly, weekly } from "./demand/m4.ts";
import { orangeJuice } from "./demand/orange-juice.ts";
import { pasta } from "./demand/pasta.ts";
import { speed } from "./demand/speed.ts";
import { walmart } from "./demand/walmart.ts";
import type { Family } from "./result.ts";

/** Each data set in a file of its own, with where its options were chosen. */
export const demand: Family = {
  says: "M4 weekly and hourly, Walmart, Italian pasta, Dominick's orange juice; 10,000 weekly series",
  parts: {
    weekly,
    hourly,
    "hierarchical-sales": pasta,
    "walmart-weekly": walmart,
    "oj-dominicks": orangeJuice,
    speed,
  },
};
