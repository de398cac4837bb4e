import { nobody, type PersonId } from "@trato/base";
import type { Queries } from "../platform/index.ts";

/** What people said of themselves, in pages by id; whoever waits to be folded is told as they were. */
export async function* readTraits(
  queries: Queries,
  pageRows: number,
): AsyncGenerator<{ personId: PersonId; country: string | null; birthday: string | null }[]> {
  let after = nobody;
  for (;;) {
    const rows = await queries.query<{
      personId: PersonId;
      country: string | null;
      birthday: string | null;
    }>({
      name: "people/read_traits",
      text: `select person_id as "personId", slices#>>'{traits,said,country}' as country,
                    slices#>>'{traits,said,birthday}' as birthday
               from people_person
              where person_id > $1 and merged_into is null and erased_ms is null
              order by person_id limit $2`,
      values: [after, pageRows],
    });
    if (rows.length > 0) yield rows;
    if (rows.length < pageRows) return;
    after = rows.at(-1)!.personId;
  }
}

/** What people looked at and bought, as their slices hold it, in pages by id; who looked at nothing is left out. */
export async function* readBrowsed<Interest, Bought>(
  queries: Queries,
  pageRows: number,
): AsyncGenerator<{ personId: PersonId; interest: Interest; bought: Bought }[]> {
  let after = nobody;
  for (;;) {
    const rows = await queries.query<{ personId: PersonId; interest: Interest; bought: Bought }>({
      name: "people/read_browsed",
      text: `select person_id as "personId", slices->'interest' as interest, slices#>'{orders,bought}' as bought
               from people_person
              where person_id > $1 and merged_into is null and erased_ms is null
                and slices->'interest' is not null
              order by person_id limit $2`,
      values: [after, pageRows],
    });
    if (rows.length > 0) yield rows;
    if (rows.length < pageRows) return;
    after = rows.at(-1)!.personId;
  }
}
