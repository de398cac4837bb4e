import { readModel, refuse } from "@trato/contract";
import { type Database, type Route, route } from "../../platform/index.ts";
import { readModel as readRow } from "../store.ts";
import { said } from "./said.ts";

export const readModelRoute = (needs: { readonly database: Database }): Route =>
  route(readModel, async ({ params }) => {
    const row = await readRow(needs.database, params.version);
    return row === null ? refuse("model_unknown") : { ok: true, value: said(row) };
  });
