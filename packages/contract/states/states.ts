import type { Words } from "../words.ts";

/** What a thing can be, and what it may become from there; server, documentation and console read the same table. */
export type States<Name extends string> = {
  readonly [name in Name]: Words & { readonly next: readonly Name[] };
};

/** True when a thing that is `from` may become `to`; staying what it is changes nothing and is always allowed. */
export function mayBecome<Name extends string>(
  states: States<Name>,
  { from, to }: { readonly from: Name; readonly to: Name },
): boolean {
  return from === to || states[from].next.includes(to);
}
