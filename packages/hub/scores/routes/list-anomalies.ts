import { dayMs, limits } from "@trato/base";
import { listAnomalies, ok, refuse } from "@trato/contract";
import { type Database, type Route, route } from "../../platform/index.ts";
import { type AnomalyCursor, readAnomalyPage } from "../anomaly-store.ts";
import { dayOf, wordsOf } from "../anomaly-words.ts";
import { readChampion } from "../store.ts";

const cursorOf = (row: AnomalyCursor): string => Buffer.from(JSON.stringify(row)).toString("base64url");

function readCursor(text: string): AnomalyCursor | null {
  try {
    const row: unknown = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    const [day, place, channel, isAll] = Array.isArray(row) ? (row as unknown[]) : [];
    if (!Number.isSafeInteger(day) || typeof isAll !== "boolean") return null;
    return typeof place === "string" && typeof channel === "string"
      ? [day as number, place, channel, isAll]
      : null;
  } catch {
    return null;
  }
}

const said = (text: string, name: "place" | "channel") => (text === "" ? {} : { [name]: text });

export const listAnomaliesRoute = ({ database }: { readonly database: Database }): Route =>
  route(listAnomalies, async ({ query, nowMs }) => {
    const limit = query.limit ?? limits.pageRowsDefault;
    const after = query.after === undefined ? null : readCursor(query.after);
    const { place = null, channel = null, since } = query;
    const sinceMs = since === undefined ? nowMs - limits.anomalyDays * dayMs : Date.parse(since);
    const rows = await readAnomalyPage(database, { place, channel, sinceMs, after, limit });
    // Silence of a model that is there says that nothing was strange; that of none says nothing.
    if (rows.length === 0 && (await readChampion(database, "anomaly")) === null) {
      return refuse("model_unknown", { detail: "anomaly: nothing watches until a model was trained" });
    }
    const last = rows.length === limit ? rows.at(-1) : undefined;
    return ok({
      anomalies: rows.map((row) => ({
        day: dayOf(row),
        about: row.isAll ? ("everything" as const) : ("part" as const),
        ...said(row.place, "place"),
        ...said(row.channel, "channel"),
        orders: row.seen,
        usual: { low: row.low, expected: row.expected, high: row.high },
        direction: row.seen < row.expected ? ("fewer" as const) : ("more" as const),
        score: row.score,
        says: wordsOf(row),
        version: row.version,
      })),
      ...(last === undefined ? {} : { next: cursorOf([last.dayMs, last.place, last.channel, last.isAll]) }),
    });
  });
