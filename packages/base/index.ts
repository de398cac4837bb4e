export * from "./assert.ts";
export * from "./bucket.ts";
export * from "./chance.ts";
export * from "./clock.ts";
export * from "./ids.ts";
export * from "./json.ts";
export * from "./limits.ts";
export * from "./money.ts";
