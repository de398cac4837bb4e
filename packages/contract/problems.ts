import { sellingProblems } from "./selling-problems.ts";
import type { Words } from "./words.ts";

/**
 * Every refusal a caller can meet, most specific first: when several apply, the first one is reported.
 * A surprise is not here: it throws, and the caller sees `internal`.
 */
export const problems = {
  request_unreadable: [400, "This is no HTTP request.", "Esto no es una solicitud HTTP."],
  request_slow: [
    408,
    "The request came too slowly; send it again.",
    "La solicitud llegó demasiado despacio; envíela de nuevo.",
  ],
  headers_too_large: [
    431,
    "The headers are larger than the hub takes.",
    "Los encabezados son más grandes de lo que acepta el servidor.",
  ],
  key_missing: [
    401,
    "Send a key: Authorization: Bearer <key>.",
    "Envíe una llave: Authorization: Bearer <llave>.",
  ],
  key_unknown: [401, "This key does not exist or was revoked.", "Esta llave no existe o fue revocada."],
  scope_missing: [
    403,
    "This key lacks the scope this endpoint needs.",
    "A esta llave le falta el permiso que pide este recurso.",
  ],
  topic_forbidden: [
    403,
    "This key may not hear of this topic; `detail` says which scope it lacks.",
    "Esta llave no puede escuchar este tema; `detail` dice qué permiso le falta.",
  ],
  streams_too_many: [
    429,
    "This key follows as many streams as it may; end one of them first.",
    "Esta llave sigue todos los flujos que puede; termine uno antes.",
  ],
  webhook_unknown: [404, "No webhook has this id.", "Ningún webhook tiene este id."],
  delivery_unknown: [404, "No delivery has this id.", "Ningún envío tiene este id."],
  webhook_url_refused: [
    422,
    "Nothing is sent to this address; `errors` says why.",
    "A esta dirección no se envía nada; `errors` dice por qué.",
  ],
  webhooks_too_many: [
    409,
    "There are as many webhooks as there may be; delete one first.",
    "Ya hay todos los webhooks permitidos; borre uno antes.",
  ],
  rate_exceeded: [
    429,
    "This key sends more requests than it may.",
    "Esta llave envía más solicitudes de las permitidas.",
  ],
  route_unknown: [404, "There is nothing at this address.", "No hay nada en esta dirección."],
  body_too_large: [
    413,
    "The body is larger than this endpoint takes.",
    "El cuerpo es más grande de lo que acepta este recurso.",
  ],
  body_unreadable: [
    400,
    "The body is not the JSON this endpoint takes.",
    "El cuerpo no es el JSON que acepta este recurso.",
  ],
  request_invalid: [
    400,
    "A field is missing or wrong; `errors` names it.",
    "Falta un campo o está mal; `errors` lo nombra.",
  ],
  idempotency_running: [
    409,
    "A request with this Idempotency-Key is still running; try again.",
    "Una solicitud con esta Idempotency-Key sigue en curso; intente de nuevo.",
  ],
  idempotency_mismatch: [
    422,
    "This Idempotency-Key was used with another body.",
    "Esta Idempotency-Key se usó con otro cuerpo.",
  ],
  person_unknown: [404, "No person has this id or identity.", "Ninguna persona tiene este id o identidad."],
  person_erased: [410, "This person was erased.", "Esta persona fue borrada."],
  merge_unknown: [404, "No merge has this id.", "Ninguna fusión tiene este id."],
  merge_already_undone: [409, "This merge was already undone.", "Esta fusión ya se deshizo."],
  decision_unknown: [404, "No decision has this id.", "Ninguna decisión tiene este id."],
  ...sellingProblems,
  placement_unknown: [404, "No placement has this name.", "Ningún espacio tiene este nombre."],
  model_unknown: [
    404,
    "No model has this version, or none of this family is in charge.",
    "Ningún modelo tiene esta versión, o ninguno de esta familia está a cargo.",
  ],
  replay_code_changed: [
    409,
    "The decision was made by another version of the rules; replay it with that version.",
    "La decisión se tomó con otra versión de las reglas; repítala con esa versión.",
  ],
  training_running: [
    409,
    "A training is running already; wait until it is done.",
    "Ya hay un entrenamiento en curso; espere a que termine.",
  ],
  training_data_missing: [
    409,
    "There are too few purchases to learn from.",
    "Hay muy pocas compras para aprender.",
  ],
  evidence_too_small: [
    409,
    "Too little was tried to say; explore more, or give a longer period. `detail` says how much there is.",
    "Se probó muy poco para decirlo; explore más o dé un período más largo. `detail` dice cuánto hay.",
  ],
  quarantine_unknown: [
    404,
    "No quarantined event has this id.",
    "Ningún evento en cuarentena tiene este id.",
  ],
  quarantine_settled: [
    409,
    "This quarantined event was already settled.",
    "Este evento en cuarentena ya fue resuelto.",
  ],
  repair_invalid: [
    422,
    "The repaired event is still wrong; `detail` says why.",
    "El evento reparado sigue mal; `detail` dice por qué.",
  ],
  key_id_unknown: [404, "No key has this id.", "Ninguna llave tiene este id."],
  job_unknown: [404, "No job has this id.", "Ningún trabajo tiene este id."],
  overloaded: [
    503,
    "The hub has more to do than it can hold; try again after Retry-After.",
    "El servidor tiene más trabajo del que puede aceptar; reintente tras Retry-After.",
  ],
  database_away: [
    503,
    "The database does not answer; nothing was kept; try again after Retry-After.",
    "La base de datos no responde; no se guardó nada; reintente tras Retry-After.",
  ],
  disk_low: [
    503,
    "The disk is nearly full; writes are refused until there is room.",
    "El disco está casi lleno; no se aceptan escrituras hasta que haya espacio.",
  ],
  stopping: [
    503,
    "The hub is stopping; try again after Retry-After.",
    "El servidor se está deteniendo; reintente tras Retry-After.",
  ],
  internal: [
    500,
    "Something broke on our side; the log knows more under `instance`.",
    "Algo falló de nuestro lado; busque `instance` en el registro.",
  ],
} as const satisfies Record<string, readonly [status: number, en: string, es: string]>;

export type ProblemCode = keyof typeof problems;

/** The address that names a problem: the `type` of RFC 9457. */
export function problemType(code: ProblemCode): string {
  return `https://trato.dev/problems/${code}`;
}

/** An expected refusal. `errors` names fields by JSON Pointer (RFC 6901), each with its remedy. */
export type Refusal<Code extends ProblemCode = ProblemCode> = {
  readonly ok: false;
  readonly problem: Code;
  readonly detail?: Said;
  readonly errors?: readonly FieldError[];
};
/** Words in both languages; a plain text where there is nothing to translate, such as an id. */
export type Said = Readonly<Words> | string;
export type FieldError = { readonly pointer: string; readonly detail: Said };

/** What is said, in the language of a reader: "es", "es-EC" and so on, else English. */
export const saidIn = (said: Said, language: string): string =>
  typeof said === "string" ? said : said[language.startsWith("es") ? "es" : "en"];
export type Result<Value, Code extends ProblemCode = ProblemCode> =
  | { readonly ok: true; readonly value: Value }
  | Refusal<Code>;

export function ok<Value>(value: Value): { readonly ok: true; readonly value: Value } {
  return { ok: true, value };
}

export function refuse<Code extends ProblemCode>(
  problem: Code,
  more: { detail?: Said; errors?: readonly FieldError[] } = {},
): Refusal<Code> {
  return { ok: false, problem, ...more };
}
