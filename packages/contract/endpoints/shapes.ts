import { limits } from "@trato/base";
import { Type } from "typebox";

/** Shapes that several rooms' endpoints share. */
export const uuid = Type.String({
  pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
});
export const instant = Type.String({ description: "RFC 3339, in UTC." });
export const source = Type.String({ description: "The source of the key that sent it." });
export const cursor = Type.String({ maxLength: 500, description: "The `next` of the page before." });
export const pageLimit = Type.Integer({ minimum: 1, maximum: limits.pageRowsMax });
