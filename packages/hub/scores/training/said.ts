import type { PersonTraits } from "./collect.ts";
import { numbering } from "./growing.ts";

/** What numbered persons said of themselves: a number of `countries` or -1, and a year of birth or 0. */
export type Said = {
  readonly countryOf: Int32Array;
  readonly birthYearOf: Int32Array;
  readonly countries: readonly string[];
};

/** Of persons of whom nothing is known. */
export const nothingSaid = (personCount: number): Said => ({
  countryOf: new Int32Array(new SharedArrayBuffer(4 * personCount)).fill(-1),
  birthYearOf: new Int32Array(new SharedArrayBuffer(4 * personCount)),
  countries: [],
});

/** Reads once what everybody said, and hands it out to each list of persons, by their places in it. */
export async function readSaid<Kind extends string>(
  traits: AsyncIterable<readonly PersonTraits[]>,
  persons: Readonly<Record<Kind, readonly string[]>>,
  signal?: AbortSignal,
): Promise<Record<Kind, Said>> {
  const countries = numbering();
  const lists = Object.entries<readonly string[]>(persons).map(([kind, names]) => {
    const placeOf = new Map(names.map((name, at) => [name, at]));
    return { kind, placeOf, said: nothingSaid(names.length) };
  });
  for await (const page of traits) {
    signal?.throwIfAborted();
    for (const { personId, country, birthday } of page) {
      const number = countries.of(country);
      const year = Number(/^(\d{4})-/.exec(birthday ?? "")?.[1] ?? 0);
      for (const { placeOf, said } of lists) {
        const at = placeOf.get(personId);
        if (at === undefined) continue;
        said.countryOf[at] = number;
        said.birthYearOf[at] = year > 1900 ? year : 0;
      }
    }
  }
  const all = lists.map(({ kind, said }) => [kind, { ...said, countries: countries.names() }] as const);
  return Object.fromEntries(all) as Readonly<Record<string, Said>> as Record<Kind, Said>;
}
