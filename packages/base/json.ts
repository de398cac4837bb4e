/** What JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export type JsonObject = { readonly [name: string]: Json };

export function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The same text for the same value, whatever the order its names were written in. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, inner: unknown) => {
    if (!isObject(inner)) return inner;
    const names = Object.keys(inner).sort();
    return Object.fromEntries(names.map((name) => [name, inner[name]]));
  });
}
