export { type DemoOptions, runDemo } from "./demo/demo.ts";
export type { DemoResult } from "./demo/result.ts";
export type { Language } from "./demo/wording.ts";
export { createTown, liveUntil, type Town } from "./town.ts";
export { chancesOf, effect, type Tally, type Truth } from "./visits/effect.ts";
