import type { Family } from "../training/family.ts";
import { purchases } from "./purchases/index.ts";

/** All families, in the sequence in which they are trained. */
export const families: readonly Family[] = [purchases];
