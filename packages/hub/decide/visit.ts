import type { Facts } from "./facts.ts";

/** What is looked at in a visit that goes on, oldest first, and whether knowing it means looking at the person. */
export type Visit = { readonly recent: readonly string[]; readonly personal: boolean };

/** A visit goes on while nothing longer than this passed since the last look. */
const visitMs = 30 * 60_000;

/**
 * The visit under way: what the request says of it, whoever the person is; else, of a person who may be looked at, what
 * they looked at in the last half hour. Null when nobody is looking at anything.
 */
export function visitOf({ context, known, nowMs }: Facts): Visit | null {
  const told = [...(context.viewed ?? []), ...(context.sku === undefined ? [] : [context.sku])];
  if (told.length > 0) return { recent: told, personal: false };
  const views = (known?.views ?? []).filter(({ timeMs }) => timeMs > nowMs - visitMs && timeMs <= nowMs);
  return views.length === 0 ? null : { recent: views.map(({ sku }) => sku), personal: true };
}
