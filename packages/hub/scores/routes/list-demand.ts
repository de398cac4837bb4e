import { limits } from "@trato/base";
import { listDemand, ok } from "@trato/contract";
import { type Database, type Route, route } from "../../platform/index.ts";
import { readDemandPage } from "../demand-store.ts";

/** A cursor names the row it stands on; a sku may hold any letter, so it is JSON in base64. */
const cursorOf = (row: readonly [string, string, number]): string =>
  Buffer.from(JSON.stringify(row)).toString("base64url");

function readCursor(text: string): readonly [string, string, number] | null {
  try {
    const row: unknown = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    const [sku, place, weekMs] = Array.isArray(row) ? (row as unknown[]) : [];
    const isRight = typeof sku === "string" && typeof place === "string" && Number.isSafeInteger(weekMs);
    return isRight ? [sku, place, weekMs as number] : null;
  } catch {
    return null;
  }
}

export const listDemandRoute = ({ database }: { readonly database: Database }): Route =>
  route(listDemand, async ({ query }) => {
    const limit = query.limit ?? limits.pageRowsDefault;
    const after = query.after === undefined ? null : readCursor(query.after);
    const { sku = null, place = null } = query;
    const rows = await readDemandPage(database, { sku, place, after, limit });
    const last = rows.length === limit ? rows.at(-1) : undefined;
    return ok({
      weeks: rows.map(({ sku: of, place: at, weekMs, version, low, median, high }) => ({
        sku: of,
        ...(at === "" ? {} : { place: at }),
        weekStart: new Date(weekMs).toISOString(),
        ...{ low, median, high, version },
      })),
      ...(last === undefined ? {} : { next: cursorOf([last.sku, last.place, last.weekMs]) }),
    });
  });
