import { ok, refuse } from "@trato/contract";
import { plainDesk, type TenderKind } from "../tender.ts";

/** Cash at a till. What was given beyond what is paid is the change; without `givenMinor` it was given to the cent. */
export const cash: TenderKind<"cash"> = {
  kind: "cash",
  open: async () =>
    plainDesk(({ tender: { amountMinor, givenMinor = amountMinor } }) => {
      if (givenMinor < amountMinor) return refuse("cash_short");
      const details = { givenMinor, changeMinor: givenMinor - amountMinor };
      return ok({ is: "new", method: "cash", provider: "till", reference: null, amountMinor, details });
    }),
};
