import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";

const ranged = (description: string) =>
  Type.Object({ value: Type.Number(), low: Type.Number(), high: Type.Number() }, { description });

export const readPriceResponse = endpoint({
  name: "readPriceResponse",
  method: "GET",
  path: "/v1/items/{sku}/price-response",
  tag: "scores",
  says: "How many more or fewer of an item are sold when its price changes.",
  more: "Learnt from weeks in which items cost something else than usual, with what each item, place and week do by themselves taken out; an item whose price hardly moved answers as all do together, with a wide interval. A price that was raised because much was going to be asked for misleads it.",
  needs: "scores:read",
  params: Type.Object({ sku: Type.String({ minLength: 1, maxLength: 100 }) }),
  query: Type.Object({
    priceRatio: Type.Optional(
      Type.Number({
        minimum: 0.2,
        maximum: 5,
        description: "The new price as a multiple of the usual one; 0.9, a tenth off, when left out.",
      }),
    ),
  }),
  gives: Type.Object({
    sku: Type.String(),
    priceRatio: Type.Number(),
    elasticity: ranged("By how many hundredths units change when the price rises by one; 80 % interval."),
    units: ranged("Units at the new price as a multiple of those at the usual one; 80 % interval."),
    version: Type.String(),
  }),
  problems: ["request_invalid", "model_unknown"],
  example: {
    params: { sku: "CAF-500" },
    query: { priceRatio: 0.9 },
    gives: {
      sku: "CAF-500",
      priceRatio: 0.9,
      elasticity: { value: -2.1, low: -2.9, high: -1.3 },
      units: { value: 1.25, low: 1.15, high: 1.36 },
      version: "3+7",
    },
  },
});
