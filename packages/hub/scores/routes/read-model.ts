import type { ModelFamily } from "@trato/contract";
import { ok, readModel, refuse } from "@trato/contract";
import { type Database, type Route, route } from "../../platform/index.ts";
import { readChampions, readFamilies, readModel as readRow } from "../store.ts";
import { said } from "./said.ts";

/** A version's card, or that of the model in charge of a family; without one, the problem says how its training went. */
export const readModelRoute = ({ database }: { readonly database: Database }): Route =>
  route(readModel, async ({ params: { model } }) => {
    if (/^[0-9]/.test(model)) {
      const row = await readRow(database, model);
      return row === null ? refuse("model_unknown") : ok(said(row));
    }
    const row = (await readChampions(database)).find(({ family }) => family === model);
    if (row !== undefined) return ok(said(row));
    const last = (await readFamilies(database)).find(({ family }) => family === (model as ModelFamily));
    return refuse("model_unknown", last === undefined ? {} : { detail: last.outcome.why.en });
  });
