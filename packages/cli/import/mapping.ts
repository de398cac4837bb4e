import { readFileSync } from "node:fs";
import { currencyScale, isCurrency } from "@trato/base";
import { kindsByStrength } from "@trato/contract";
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import { usageFailure } from "../failure.ts";
import { readerOfTimes } from "./local-time.ts";
import { onlineRetail } from "./online-retail.ts";

const text = (max: number) => Type.String({ minLength: 1, maxLength: max });
const column = text(200);

/** How a file of sales is read. README.md says what each field means, with an example. */
const mappingShape = Type.Object(
  {
    name: Type.String({ pattern: "^[a-z0-9][a-z0-9._-]{0,59}$" }),
    currency: Type.Enum(Object.keys(currencyScale)),
    timeZone: text(100),
    language: Type.Optional(Type.Enum(["es", "en"])),
    identity: Type.Optional(Type.Enum(kindsByStrength as string[])),
    channel: Type.Optional(text(50)),
    delimiter: Type.Optional(Type.String({ minLength: 1, maxLength: 1 })),
    returnPrefix: Type.Optional(text(20)),
    notForSale: Type.Optional(Type.Array(text(100), { maxItems: 1_000 })),
    columns: Type.Object(
      {
        order: column,
        sku: column,
        quantity: column,
        time: column,
        price: column,
        customer: Type.Optional(column),
        store: Type.Optional(column),
        title: Type.Optional(column),
        category: Type.Optional(column),
      },
      { additionalProperties: false },
    ),
    items: Type.Optional(
      Type.Object(
        { sku: column, title: column, count: Type.Optional(column) },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);
export type Mapping = Static<typeof mappingShape>;
export type Columns = Mapping["columns"];

const builtIn: ReadonlyMap<string, Mapping> = new Map([[onlineRetail.name, onlineRetail]]);

/** The mapping of a built-in name, or of a JSON file; a Failure names the field that is wrong. */
export function readMapping(nameOrPath: string): Mapping {
  const known = builtIn.get(nameOrPath);
  if (known !== undefined) return known;
  return checkMapping(parse(nameOrPath), nameOrPath);
}

function parse(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    const why = cause instanceof SyntaxError ? `is not JSON: ${cause.message}` : "cannot be read";
    throw usageFailure(
      `The mapping ${path} ${why}. Give a JSON file, or a mapping that is built in: ${[...builtIn.keys()].join(", ")}.`,
    );
  }
}

export function checkMapping(given: unknown, path: string): Mapping {
  const error = Value.Errors(mappingShape, given)[0];
  if (error !== undefined) {
    const { keyword, params } = error as { keyword: string; params: Record<string, unknown> };
    const missing = keyword === "required" ? `/${[params["requiredProperties"]].flat()[0]}` : "";
    const field = error.instancePath + missing || "/";
    throw wrong(path, field, reasonOf(keyword, params, error.message));
  }
  const mapping = given as Mapping;
  try {
    readerOfTimes(mapping.timeZone);
  } catch {
    throw wrong(path, "/timeZone", `"${mapping.timeZone}" is no time zone; give one such as Europe/London`);
  }
  if (!isCurrency(mapping.currency)) throw wrong(path, "/currency", "give a currency by its ISO 4217 code");
  return mapping;
}

function reasonOf(keyword: string, params: Record<string, unknown>, message: string): string {
  if (keyword === "required") return "it is missing";
  if (keyword === "boolean") return "a mapping has no such field";
  return keyword === "enum" ? `give one of ${[params["allowedValues"]].flat().join(", ")}` : `it ${message}`;
}

const wrong = (path: string, field: string, why: string) =>
  usageFailure(`The mapping ${path} is wrong at ${field}: ${why}.`);
