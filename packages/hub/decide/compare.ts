import { isObject } from "@trato/base";

/** One place where two records differ, by JSON Pointer (RFC 6901). */
export type Difference = { readonly pointer: string; readonly recorded: unknown; readonly replayed: unknown };

const differencesMax = 20;

/** Where two JSON values differ, deepest places first met; at most 20. A missing value is null. */
export function differences(recorded: unknown, replayed: unknown): Difference[] {
  const found: Difference[] = [];
  collect(found, "", recorded, replayed);
  return found;
}

function collect(found: Difference[], pointer: string, recorded: unknown, replayed: unknown): void {
  if (found.length >= differencesMax || Object.is(recorded, replayed)) return;
  const both = Array.isArray(recorded) === Array.isArray(replayed);
  if (both && isNested(recorded) && isNested(replayed)) {
    const names = new Set([...Object.keys(recorded), ...Object.keys(replayed)]);
    for (const name of names) {
      const step = name.replaceAll("~", "~0").replaceAll("/", "~1");
      collect(found, `${pointer}/${step}`, recorded[name], replayed[name]);
    }
    return;
  }
  found.push({ pointer, recorded: recorded ?? null, replayed: replayed ?? null });
}

function isNested(value: unknown): value is Readonly<Record<string, unknown>> {
  return isObject(value) || Array.isArray(value);
}
