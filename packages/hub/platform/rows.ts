import { type FieldError, saidIn } from "@trato/contract";
import type { TSchema } from "typebox";
import { checker } from "./http/body.ts";

/** As it is told, in the language of who sent the row. */
type RowError = { readonly pointer: string; readonly detail: string };

/** A row of a batch that was read by itself: right, or wrong with the fields that are. */
export type CheckedRow<Row> =
  | { readonly id: string; readonly row: Row }
  | { readonly id: string; readonly errors: readonly RowError[] };

/**
 * Checks the rows of a batch, each by itself, so that a wrong one does not hold up the others. `idField` names a row;
 * the same name twice in a batch refuses the second. `more` adds what a schema cannot say. Errors are told in the
 * `language` of who sent the rows.
 */
export function rowChecker<Row>(options: {
  readonly schema: TSchema;
  /** Where the rows stand in the body: "items". */
  readonly under: string;
  readonly idField: string;
  /** For rows that several fields name together; called with rows that fit the schema. */
  readonly nameOf?: (row: Row) => string;
  /** Rows of one name are facts of their own: none is refused for coming again. */
  readonly mayRepeat?: true;
  readonly more?: (row: Row) => readonly FieldError[];
}): (rows: readonly unknown[], language?: string) => CheckedRow<Row>[] {
  const { under, idField } = options;
  const check = checker(options.schema, "");
  const { nameOf } = options;
  const errorsOf = (
    checked: ReturnType<typeof check>,
    id: string,
    firstAt: number | undefined,
  ): readonly FieldError[] => {
    if (!checked.ok) return checked.errors ?? [];
    const given = checked.value;
    if (firstAt !== undefined)
      return [
        {
          pointer: `/${idField}`,
          detail: { en: `row ${firstAt} has "${id}" already`, es: `la fila ${firstAt} ya tiene "${id}"` },
        },
      ];
    return options.more?.(given as Row) ?? [];
  };
  return (rows, language = "en") => {
    const seen = new Map<string, number>();
    return rows.map((given, index) => {
      const checked = check(given);
      const id = nameOf !== undefined && checked.ok ? nameOf(given as Row) : idOf(given, idField);
      const errors = errorsOf(checked, id, seen.get(id));
      if (options.mayRepeat !== true && !seen.has(id)) seen.set(id, index);
      if (errors.length === 0) return { id, row: given as Row };
      const at = (pointer: string) => `/body/${under}/${index}${pointer}`;
      return {
        id,
        errors: errors.map(({ pointer, detail }) => ({
          pointer: at(pointer),
          detail: saidIn(detail, language),
        })),
      };
    });
  };
}

function idOf(given: unknown, idField: string): string {
  const id =
    typeof given === "object" && given !== null ? (given as Record<string, unknown>)[idField] : undefined;
  return typeof id === "string" ? id : "";
}
