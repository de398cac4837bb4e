import type { FieldError, Price, Promotion, Tax } from "@trato/contract";

/** What a schema cannot say of a price. */
export const priceErrors = ({ validFrom, validUntil }: Price): FieldError[] =>
  windowErrors({ validFrom, validUntil });

/** What a schema cannot say of a promotion: its window is one, and only cart promotions have a minimum. */
export function promotionErrors({ from, until, minimum, effect }: Promotion): FieldError[] {
  const errors = windowErrors({ from, until });
  const isOfCart = effect.kind === "cart_percent" || effect.kind === "cart_amount";
  if (minimum !== undefined && !isOfCart) {
    const detail = {
      en: "leave it out, or use cart_percent or cart_amount: other promotions have no minimum",
      es: "omítalo, o use cart_percent o cart_amount: las demás promociones no tienen mínimo",
    };
    errors.push({ pointer: "/minimum", detail });
  }
  return errors;
}

export const taxErrors = ({ from, until }: Tax): FieldError[] => windowErrors({ from, until });

/** `{from, until}`, under whichever names: both are instants, and the second comes after the first. */
function windowErrors(window: Readonly<Record<string, string | undefined>>): FieldError[] {
  const given = Object.entries(window).filter(([, instant]) => instant !== undefined);
  const wrong = given.filter(([, instant]) => Number.isNaN(Date.parse(instant!)));
  if (wrong.length > 0) {
    return wrong.map(([name]) => ({
      pointer: `/${name}`,
      detail: { en: "use an instant that exists", es: "use un instante que exista" },
    }));
  }
  const [first, second] = given;
  if (first === undefined || second === undefined || Date.parse(first[1]!) < Date.parse(second[1]!))
    return [];
  return [
    {
      pointer: `/${second[0]}`,
      detail: { en: `use a time after ${first[0]}`, es: `use una hora posterior a ${first[0]}` },
    },
  ];
}
