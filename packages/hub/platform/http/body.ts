import { limits } from "@trato/base";
import { type Result, refuse } from "@trato/contract";
import type { TSchema } from "typebox";
import { Compile, type Validator } from "typebox/compile";
import { Value } from "typebox/value";
import { fieldErrors } from "./field-errors.ts";

/** How deep brackets nest outside of texts, in one pass. JSON.parse is only called on what is shallow enough. */
export function jsonDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 34) {
      i++;
      while (i < text.length && text.charCodeAt(i) !== 34) i += text.charCodeAt(i) === 92 ? 2 : 1;
    } else if (code === 91 || code === 123) {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (code === 93 || code === 125) depth -= 1;
  }
  return deepest;
}

/** Reads a command's body. An empty one is an empty object, so that commands without a body need none. */
export function parseJson(bytes: Buffer | undefined): Result<unknown, "body_unreadable"> {
  if (bytes === undefined || bytes.length === 0) return { ok: true, value: {} };
  const text = bytes.toString("utf8");
  if (jsonDepth(text) > limits.jsonDepthMax) {
    return refuse("body_unreadable", {
      detail: {
        en: `The JSON nests deeper than ${limits.jsonDepthMax} levels.`,
        es: `El JSON anida más de ${limits.jsonDepthMax} niveles.`,
      },
    });
  }
  try {
    return { ok: true, value: mayBeUnsafe.test(text) ? JSON.parse(text, dropUnsafe) : JSON.parse(text) };
  } catch (cause) {
    return refuse("body_unreadable", { detail: cause instanceof Error ? cause.message : "Not JSON." });
  }
}

/** Nearly no body escapes a letter, or has a surrogate or `__proto__`; a reviver takes ten times as long as the parser. */
const mayBeUnsafe = /\\u(?:00|d[89a-f])|__proto__|\0|[\ud800-\udfff]/i;

/** Takes out what no database holds (U+0000, half a surrogate pair) and names that are dangerous to keep. */
function dropUnsafe(this: unknown, name: string, value: unknown): unknown {
  if (name === "__proto__" || name.includes("\0")) return undefined;
  if (typeof value !== "string") return value;
  const whole = value.isWellFormed() ? value : value.toWellFormed();
  return whole.includes("\0") ? whole.replaceAll("\0", "") : whole;
}

/** The parts of an address that hold U+0000, which no database takes: `{kind: "a\0"}` under "/query" gives an error. */
export function checkAddress(given: unknown, from: string): Result<null, "request_invalid"> {
  const errors = Object.entries((given ?? {}) as Record<string, unknown>)
    .filter(([, value]) => [value].flat().some((one) => typeof one === "string" && one.includes("\0")))
    .map(([name]) => ({
      pointer: `${from}/${name}`,
      detail: { en: "leave out the character U+0000", es: "quite el carácter U+0000" },
    }));
  return errors.length === 0 ? { ok: true, value: null } : refuse("request_invalid", { errors });
}

export type Check = (value: unknown) => Result<unknown, "request_invalid">;

const noCheck: Check = (value) => ({ ok: true, value });

/** Compiles a schema once. `from` names the part of the request in the pointers of errors: "/body", "/query". */
export function checker(
  given: TSchema | undefined,
  from: string,
  options: { convert?: boolean; closed?: boolean } = {},
): Check {
  if (given === undefined) return noCheck;
  const schema = options.closed === true ? { ...given, additionalProperties: false } : given;
  const validator: Validator = Compile(schema);
  return (sent) => {
    const value = options.convert === true ? Value.Convert(given, sent) : sent;
    if (validator.Check(value)) return { ok: true, value };
    return refuse("request_invalid", { errors: fieldErrors(schema, value, from) });
  };
}
