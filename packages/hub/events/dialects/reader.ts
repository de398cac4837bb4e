import { type Currency, isObject, type JsonObject } from "@trato/base";
import { minorOf } from "./money.ts";

/**
 * Reads fields of a stranger's object by name, whether written order_id, orderId or "Order ID", and remembers which
 * were understood, so that the others can be kept beside.
 */
export type Reader = {
  /** The value of the first of the names that is there and not null, whatever it is; it counts as not understood. */
  look(...names: string[]): unknown;
  /** A text of 1 to `charsMax`, or a number written out. */
  text(charsMax: number, ...names: string[]): string | undefined;
  number(...names: string[]): number | undefined;
  minor(currency: Currency | undefined, ...names: string[]): number | undefined;
  objects(...names: string[]): readonly JsonObject[];
  object(...names: string[]): JsonObject | undefined;
  /** What was not understood, or undefined when that is nothing. */
  rest(): JsonObject | undefined;
};

/** Senders write the same few names again and again. */
const plainNames = new Map<string, string>();
const plainNamesMax = 5_000;

function plain(name: string): string {
  let found = plainNames.get(name);
  if (found === undefined) {
    found = name.toLowerCase().replaceAll(/[_\s-]/g, "");
    if (plainNames.size < plainNamesMax && name.length <= 100) plainNames.set(name, found);
  }
  return found;
}

export function reader(object: unknown): Reader {
  const given = isObject(object) ? (object as JsonObject) : {};
  const byName = new Map<string, string>();
  for (const name of Object.keys(given)) byName.set(plain(name), name);
  const understood = new Set<string>();

  function find<Value>(
    names: readonly string[],
    read: (value: unknown) => Value | undefined,
  ): Value | undefined {
    for (const wanted of names) {
      const name = byName.get(plain(wanted));
      const value = name === undefined ? undefined : read(given[name]);
      if (name === undefined || value === undefined || value === null) continue;
      understood.add(name);
      return value;
    }
    return undefined;
  }

  return {
    look: (...names) => {
      for (const name of names) {
        const found = given[byName.get(plain(name)) ?? ""];
        if (found !== undefined && found !== null) return found;
      }
      return undefined;
    },
    text: (charsMax, ...names) => find(names, (value) => textOf(value, charsMax)),
    number: (...names) => find(names, numberOf),
    minor: (currency, ...names) =>
      currency === undefined ? undefined : find(names, (value) => minorOf(value, currency)),
    objects: (...names) =>
      find(names, (value) => (Array.isArray(value) ? (value.filter(isObject) as JsonObject[]) : undefined)) ??
      [],
    object: (...names) => find(names, (value) => (isObject(value) ? (value as JsonObject) : undefined)),
    rest: () => {
      const left = Object.entries(given).filter(([name]) => !understood.has(name));
      return left.length === 0 ? undefined : Object.fromEntries(left);
    },
  };
}

export function textOf(value: unknown, charsMax: number): string | undefined {
  const text = typeof value === "string" ? value.trim() : typeof value === "number" ? String(value) : "";
  return text === "" || text.length > charsMax ? undefined : text;
}

export function numberOf(value: unknown): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

/** The object without the fields that are undefined. */
export function some(fields: { readonly [name: string]: unknown }): JsonObject {
  const kept: { [name: string]: unknown } = {};
  for (const name in fields) if (fields[name] !== undefined) kept[name] = fields[name];
  return kept as JsonObject;
}
