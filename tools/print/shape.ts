/** The parts of a JSON Schema that the reference pages speak of. */
export type Shape = {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Shape[];
  readonly items?: Shape;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly description?: string;
};

const numbers = new Intl.NumberFormat("en");

/** Says in a few words what a value must be: "text, up to 100 characters", "list of { sku, quantity, title? }". */
export function sayShape(shape: Shape): string {
  if (shape.const !== undefined) return JSON.stringify(shape.const);
  if (shape.enum !== undefined) return `one of ${shape.enum.map((one) => JSON.stringify(one)).join(", ")}`;
  if (shape.anyOf !== undefined) return shape.anyOf.map(sayShape).join(" or ");
  if (shape.type === "string") return `text${atMost(shape.maxLength, "characters")}`;
  if (shape.type === "integer") return `whole number${range(shape)}`;
  if (shape.type === "number") return `number${range(shape)}`;
  if (shape.type === "boolean") return "true or false";
  if (shape.type === "array")
    return `list${atMost(shape.maxItems, "entries")}: ${sayShape(shape.items ?? {})}`;
  if (shape.properties !== undefined) return `{ ${fieldsOf(shape).map(nameOf).join(", ")} }`;
  return shape.type ?? "anything";
}

export type Field = { readonly name: string; readonly optional: boolean; readonly shape: Shape };

export function fieldsOf(shape: Shape): Field[] {
  const required = new Set(shape.required);
  return Object.entries(shape.properties ?? {}).map(([name, inner]) => ({
    name,
    optional: !required.has(name),
    shape: inner,
  }));
}

const nameOf = ({ name, optional }: Field): string => `${name}${optional ? "?" : ""}`;

const atMost = (most: number | undefined, unit: string): string =>
  most === undefined ? "" : `, up to ${numbers.format(most)} ${unit}`;

function range({ minimum, maximum, exclusiveMinimum }: Shape): string {
  const unbounded = (bound: number | undefined): boolean =>
    bound === undefined || Math.abs(bound) === Number.MAX_SAFE_INTEGER;
  const low = exclusiveMinimum === undefined ? minimum : exclusiveMinimum;
  const words = [
    unbounded(low) ? "" : `${exclusiveMinimum === undefined ? "from" : "above"} ${numbers.format(low ?? 0)}`,
    unbounded(maximum) ? "" : `up to ${numbers.format(maximum ?? 0)}`,
  ].filter((word) => word !== "");
  return words.length === 0 ? "" : `, ${words.join(" ")}`;
}
