import { currencyScale } from "@trato/base";
import { type Static, type TObject, Type } from "typebox";

/** How long an event is kept before retention removes it. `proof` outlives the relationship: consents, money. */
export type RetentionClass = "browsing" | "purchase" | "proof" | "service";

/** What an event may be used for; a use that is not named here is refused. */
export type Purpose = "operate" | "personalise" | "measure";

/** One kind of fact of retail. `personal` names the fields of `data` that say something about who a person is. */
export type EventType<Data extends TObject = TObject> = {
  readonly type: string;
  readonly says: string;
  readonly data: Data;
  readonly personal: readonly string[];
  readonly retention: RetentionClass;
  readonly purpose: Purpose;
  /** Only the hub itself says it, of what it keeps the books of; from others it is quarantined. */
  readonly saidBy?: "hub";
  readonly example: Static<Data>;
};

/** A text of at least one character. */
export const text = (max: number) => Type.String({ minLength: 1, maxLength: max });
/** Whole minor units of the currency by ISO 4217. */
export const minor = (description = "Whole minor units (ISO 4217).") =>
  Type.Integer({ minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER, description });
export const sku = text(100);
export const quantity = Type.Number({ exclusiveMinimum: 0, maximum: 1_000_000 });
/** Only currencies whose scale is known: an amount in minor units of an unknown scale is no amount. */
export const currency = Type.String({
  pattern: `^(?:${Object.keys(currencyScale).join("|")})$`,
  description: "ISO 4217 code.",
});
export const name = text(200);
export const id = text(200);
export const line = Type.Object({
  sku,
  quantity,
  amountMinor: minor("What was paid for the whole line, in minor units."),
  title: Type.Optional(name),
  category: Type.Optional(name),
});
