import { limits } from "@trato/base";
import { Type } from "typebox";
import { sku, text } from "./event.ts";

/** Fields that several families of events share. */

export const when = Type.String({ format: "date-time", description: "RFC 3339 with offset." });
export const day = Type.String({ format: "date", description: "YYYY-MM-DD." });
export const link = text(2_000);
export const note = text(5_000);
export const share = Type.Number({ minimum: 0, maximum: 1 });
export const count = Type.Integer({ minimum: 0, maximum: 1_000_000_000 });
export const position = Type.Integer({ minimum: 0, maximum: 100_000, description: "1 is the first." });
export const reading = Type.Number({ minimum: -1e15, maximum: 1e15 });
export const points = Type.Integer({ minimum: 0, maximum: 1_000_000_000_000 });
export const skus = Type.Array(sku, { maxItems: 1_000 });
export const language = Type.String({
  pattern: "^[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}$",
  maxLength: 35,
  description: "BCP 47, such as es or es-EC.",
});
export const country = Type.String({ pattern: "^[A-Z]{2}$", description: "ISO 3166-1 alpha-2." });
export const channel = text(50);
export const linesMax = limits.linesPerOrderMax;
