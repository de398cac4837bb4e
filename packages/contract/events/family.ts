import type { TObject } from "typebox";
import type { EventType } from "./event.ts";

type Declared<Data extends TObject> = Pick<EventType<Data>, "says" | "data" | "example"> &
  Partial<Pick<EventType<Data>, "personal" | "retention" | "purpose">>;

/** Declares event types that share retention and purpose; a type may say otherwise, and is named by its key. */
export function family<Types extends Record<string, TObject>>(
  shared: Pick<EventType, "retention" | "purpose" | "saidBy">,
  declared: { readonly [Name in keyof Types]: Declared<Types[Name]> },
): { readonly [Name in keyof Types]: EventType<Types[Name]> } {
  const named = Object.entries<Declared<TObject>>(declared).map(([type, rest]) => [
    type,
    { type, personal: [], ...shared, ...rest },
  ]);
  return Object.fromEntries(named);
}
