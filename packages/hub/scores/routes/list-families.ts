import { allModelFamilies, listModelFamilies, modelFamilies, ok } from "@trato/contract";
import { type Database, type Route, route } from "../../platform/index.ts";
import { readChampions, readFamilies } from "../store.ts";

export const listFamiliesRoute = ({ database }: { readonly database: Database }): Route =>
  route(listModelFamilies, async () => {
    const [champions, rows] = await Promise.all([readChampions(database), readFamilies(database)]);
    const families = allModelFamilies.map((family) => {
      const champion = champions.find((one) => one.family === family);
      const row = rows.find((one) => one.family === family);
      const { measured = null } = champion?.card ?? {};
      const last =
        row === undefined
          ? null
          : { at: new Date(row.triedMs).toISOString(), state: row.outcome.state, why: row.outcome.why };
      return {
        family,
        says: modelFamilies[family].says,
        ...(champion === undefined ? {} : { version: champion.version }),
        ...(measured === null ? {} : { measured }),
        ...(champion?.drift ? { drift: champion.drift } : {}),
        last,
      };
    });
    return ok({ families });
  });
