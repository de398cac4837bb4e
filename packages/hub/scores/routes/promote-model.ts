import { promoteModel, refuse } from "@trato/contract";
import { command, type Route } from "../../platform/index.ts";
import { promoteModel as promoteRow, readModel } from "../store.ts";
import { said } from "./said.ts";

/** `onPromoted` is called once the promotion is committed: this hub need not wait for its next look. */
export const promoteModelRoute = (needs: { readonly onPromoted: () => void }): Route =>
  command(
    promoteModel,
    async ({ params, tx }) => {
      if (!(await promoteRow(tx, params.version))) return refuse("model_unknown");
      const row = await readModel(tx, params.version);
      return row === null ? refuse("model_unknown") : { ok: true, value: said(row) };
    },
    needs.onPromoted,
  );
