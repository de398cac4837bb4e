import { limits } from "@trato/base";
import { listModels } from "@trato/contract";
import { type Database, type Route, route } from "../../platform/index.ts";
import { listModelRows } from "../store.ts";
import { said } from "./said.ts";

export const listModelsRoute = (needs: { readonly database: Database }): Route =>
  route(listModels, async ({ query }) => {
    const limit = query.limit ?? limits.pageRowsDefault;
    const rows = await listModelRows(needs.database, {
      before: query.after ?? null,
      limit,
      family: query.family ?? null,
    });
    const last = rows.length === limit ? rows.at(-1) : undefined;
    const next = last === undefined ? {} : { next: last.version };
    return { ok: true, value: { models: rows.map(said), ...next } };
  });
