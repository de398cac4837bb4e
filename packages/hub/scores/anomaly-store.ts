import { limits } from "@trato/base";
import { bigintArray, type Queries, textArray } from "../platform/index.ts";
import type { Strange } from "./training/family.ts";

/** Replaces the strange days that are told of by these, some hundred a statement; in the caller's transaction. */
export async function writeAnomalies(
  tx: Queries,
  of: { readonly version: string; readonly toldMs: number },
  days: readonly Strange[],
): Promise<void> {
  await tx.write({ name: "scores/forget_anomalies", text: "delete from scores_anomaly", values: [] });
  for (let at = 0; at < days.length; at += limits.scoresPerStatement) {
    const some = days.slice(at, at + limits.scoresPerStatement);
    const numbers = (pick: (one: Strange) => number) => textArray(some.map((one) => String(pick(one))));
    await tx.write({
      name: "scores/write_anomalies",
      text: `insert into scores_anomaly (day_ms, place_id, channel, is_all, version, told_ms, seen, low, expected,
                                         high, score)
             select day_ms, place_id, channel, is_all = 'true', $10::bigint, $11::bigint, seen, low::float8,
                    expected::float8, high::float8, score::float8
               from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[],
                           $8::text[], $9::text[])
                    as d (day_ms, place_id, channel, is_all, seen, low, expected, high, score)`,
      values: [
        bigintArray(some.map((one) => one.dayMs)),
        textArray(some.map((one) => one.place)),
        textArray(some.map((one) => one.channel)),
        textArray(some.map((one) => String(one.isAll))),
        bigintArray(some.map((one) => one.seen)),
        numbers((one) => one.low),
        numbers((one) => one.expected),
        numbers((one) => one.high),
        numbers((one) => one.score),
        ...[of.version, of.toldMs],
      ],
    });
  }
}

export type AnomalyRow = Strange & { readonly version: string };
export type AnomalyCursor = readonly [dayMs: number, place: string, channel: string, isAll: boolean];

/** A page of strange days, the latest first; of one place or channel when named, and from a day on. */
export async function readAnomalyPage(
  queries: Queries,
  page: {
    readonly place: string | null;
    readonly channel: string | null;
    readonly sinceMs: number;
    readonly after: AnomalyCursor | null;
    readonly limit: number;
  },
): Promise<AnomalyRow[]> {
  const { place, channel, sinceMs, after, limit } = page;
  const rows = await queries.query<AnomalyRow & Record<"dayMs" | "seen", string>>({
    name: "scores/read_anomalies",
    text: `select day_ms as "dayMs", place_id as place, channel, is_all as "isAll", version, seen, low, expected, high,
                  score
             from scores_anomaly
            where ($1::text is null or place_id = $1) and ($2::text is null or channel = $2) and day_ms >= $3
              and ($4::bigint is null or day_ms < $4
                   or (day_ms = $4 and (place_id, channel, is_all) > ($5, $6, $7::boolean)))
            order by day_ms desc, place_id, channel, is_all limit $8`,
    values: [place, channel, sinceMs, ...(after ?? [null, null, null, null]), limit],
  });
  return rows.map((row) => ({ ...row, dayMs: Number(row.dayMs), seen: Number(row.seen) }));
}
