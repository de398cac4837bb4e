import { isObject } from "@trato/base";
import type { FieldError, Words } from "@trato/contract";
import type { TSchema } from "typebox";
import { Value } from "typebox/value";

/** As much of JSON Schema as our contract writes; what else there is TypeBox judges. */
type Schema = {
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: unknown;
  readonly items?: Schema;
  readonly maxItems?: number;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly type?: string;
  readonly description?: string;
  readonly pattern?: string;
};

const errorsMax = 20;
const namesMax = 12;
const nameCharsMax = 50;

const list = (names: readonly unknown[]): string => names.slice(0, namesMax).join(", ");
const useOneOf = (names: readonly unknown[]): Words => ({
  en: `use one of ${list(names)}`,
  es: `use uno de ${list(names)}`,
});

/**
 * What is wrong with a value that does not fit: each wrong field once, with its remedy, at most 20. Of a choice (a
 * tender of some kind, a change that does something) only the branch that the value chose is looked at.
 */
export function fieldErrors(schema: TSchema, value: unknown, pointer: string): FieldError[] {
  const errors = look(schema as Schema, value, pointer);
  return (errors.length > 0 ? errors : lookAlone(schema as Schema, value, pointer)).slice(0, errorsMax);
}

function look(schema: Schema, value: unknown, pointer: string): FieldError[] {
  if (Value.Check(schema as never, value)) return [];
  if (schema.anyOf !== undefined) return lookAtChoice(schema.anyOf, value, pointer);
  if (schema.properties !== undefined && isObject(value)) return lookAtObject(schema, value, pointer);
  if (schema.items === undefined || !Array.isArray(value)) return lookAlone(schema, value, pointer);
  if (schema.maxItems !== undefined && value.length > schema.maxItems)
    return [{ pointer, detail: bounds["maxItems"]!(schema.maxItems) }];
  const errors = lookAlone({ ...schema, items: {} }, value, pointer);
  for (let i = 0; i < value.length && errors.length < errorsMax; i++)
    errors.push(...look(schema.items, value[i], `${pointer}/${i}`));
  return errors;
}

/** A choice is told apart by a field that each branch has with a value of its own; else by what it is not: null. */
function lookAtChoice(branches: readonly Schema[], value: unknown, pointer: string): FieldError[] {
  const others = branches.filter(({ type }) => type !== "null");
  if (others.length === 1) return look(others[0]!, value, pointer);
  const consts = branches.map((branch) => branch.const);
  if (consts.every((one) => one !== undefined)) return [{ pointer, detail: useOneOf(consts) }];
  const field = Object.keys(branches[0]?.properties ?? {}).find((name) =>
    branches.every((branch) => branch.properties?.[name]?.const !== undefined),
  );
  if (field === undefined || !isObject(value)) return lookAlone({ anyOf: branches }, value, pointer);
  const names = branches.map((branch) => branch.properties![field]!.const);
  const chosen = branches[names.indexOf(value[field])];
  if (chosen !== undefined) return look(chosen, value, pointer);
  return [{ pointer: `${pointer}/${field}`, detail: useOneOf(names) }];
}

function lookAtObject(
  schema: Schema,
  value: Readonly<Record<string, unknown>>,
  pointer: string,
): FieldError[] {
  const { required = [], additionalProperties, properties = {}, ...rest } = schema;
  const names = Object.keys(properties);
  const missing = required
    .filter((name) => value[name] === undefined)
    .map((name) => ({ pointer: `${pointer}/${name}`, detail: { en: `add ${name}`, es: `agregue ${name}` } }));
  const unknown = Object.keys(value)
    .filter((name) => additionalProperties === false && !Object.hasOwn(properties, name))
    .map((name) => ({ pointer: `${pointer}/${name.slice(0, nameCharsMax)}`, detail: noSuchField(names) }));
  const wrong = names
    .filter((name) => value[name] !== undefined)
    .flatMap((name) => look(properties[name]!, value[name], `${pointer}/${name}`));
  const loose = Object.fromEntries(names.map((name) => [name, {}]));
  return [...missing, ...unknown, ...wrong, ...lookAlone({ ...rest, properties: loose }, value, pointer)];
}

const noSuchField = (names: readonly string[]): Words =>
  names.length === 0
    ? { en: "there is no such field here", es: "no hay tal campo aquí" }
    : {
        en: `there is no such field; there are ${list(names)}`,
        es: `no hay tal campo; hay ${list(names)}`,
      };

/** What the rules of one value itself say. */
const lookAlone = (schema: Schema, value: unknown, pointer: string): FieldError[] =>
  Value.Errors(schema as never, value)
    .filter(({ keyword }) => keyword !== "additionalProperties" && keyword !== "anyOf")
    .slice(0, errorsMax)
    .map((error) => ({ pointer: `${pointer}${error.instancePath}`, detail: remedyOf(error, schema) }));

type Told = { readonly keyword: string; readonly message: string; readonly params: object };

function remedyOf({ keyword, message, params }: Told, { description, pattern }: Schema): Words | string {
  const { allowedValues, type, format, limit, comparison } = params as {
    allowedValues?: unknown[];
    type?: string | string[];
    format?: string;
    limit?: number;
    comparison?: string;
  };
  if (allowedValues !== undefined) return useOneOf(allowedValues);
  if (keyword === "boolean") return { en: "this name does not fit here", es: "este nombre no sirve aquí" };
  if (keyword === "type" && typeof type === "string") return kinds[type] ?? message;
  if (format === "date-time") {
    const such = "2026-11-20T10:00:00-05:00";
    return {
      en: `use a time with its offset, such as ${such}`,
      es: `use una hora con su huso, como ${such}`,
    };
  }
  if (keyword === "pattern" && pattern?.startsWith("^[0-9a-f]{8}-") === true)
    return { en: "use an id as an answer gave it", es: "use un id como lo dio una respuesta" };
  if (keyword === "pattern" && description !== undefined) return `${description} (${pattern})`;
  const bound = bounds[keyword];
  return limit === undefined || bound === undefined ? message : bound(limit, comparison);
}

const kinds: Readonly<Record<string, Words>> = {
  string: { en: "send a text", es: "envíe un texto" },
  integer: { en: "send a whole number", es: "envíe un número entero" },
  number: { en: "send a number", es: "envíe un número" },
  boolean: { en: "send true or false", es: "envíe true o false" },
  object: { en: "send an object", es: "envíe un objeto" },
  array: { en: "send a list", es: "envíe una lista" },
};

const bounds: Readonly<Record<string, (limit: number, comparison?: string) => Words>> = {
  minimum: (n) => ({ en: `use ${n} or more`, es: `use ${n} o más` }),
  maximum: (n) => ({ en: `use ${n} or less`, es: `use ${n} o menos` }),
  exclusiveMinimum: (n) => ({ en: `use more than ${n}`, es: `use más de ${n}` }),
  exclusiveMaximum: (n) => ({ en: `use less than ${n}`, es: `use menos de ${n}` }),
  minLength: (n) => ({ en: `use ${n} characters or more`, es: `use ${n} caracteres o más` }),
  maxLength: (n) => ({ en: `use ${n} characters or less`, es: `use ${n} caracteres o menos` }),
  minItems: (n) => ({ en: `send ${n} or more`, es: `envíe ${n} o más` }),
  maxItems: (n) => ({ en: `send ${n} or less`, es: `envíe ${n} o menos` }),
};
