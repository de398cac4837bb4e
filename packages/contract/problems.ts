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
  item_unknown: [404, "No item has this sku.", "Ningún artículo tiene este sku."],
  price_unknown: [
    404,
    "The item has no price in this currency, or is not for sale.",
    "El artículo no tiene precio en esta moneda, o no está a la venta.",
  ],
  place_unknown: [404, "No place has this name.", "Ningún lugar tiene este nombre."],
  stock_unknown: [404, "This item was never at this place.", "Este artículo nunca estuvo en este lugar."],
  hold_unknown: [
    404,
    "No hold has this name; it was released, sold or is over.",
    "Ninguna reserva tiene este nombre; fue liberada, vendida o venció.",
  ],
  hold_expired: [
    409,
    "The hold is over; hold the units again.",
    "La reserva venció; reserve las unidades de nuevo.",
  ],
  holds_too_many: [
    409,
    "This owner has as many holds as one may have; release one.",
    "Este titular tiene tantas reservas como puede tener; libere una.",
  ],
  out_of_stock: [
    409,
    "There are not enough units; `detail` says of what.",
    "No hay unidades suficientes; `detail` dice de qué.",
  ],
  not_allocated: [409, "So much is not put aside for this order.", "Para este pedido no hay tanto apartado."],
  transfer_unknown: [404, "No transfer has this name.", "Ningún traslado tiene este nombre."],
  transfer_exceeded: [
    409,
    "More came than is still on the way; send what was counted as a receipt.",
    "Llegó más de lo que sigue en camino; envíe lo contado como una recepción.",
  ],
  card_number_sent: [
    400,
    "A card number was sent. Never send one: send the token that the provider gives for it.",
    "Se envió un número de tarjeta. Nunca lo envíe: envíe el token que da el proveedor.",
  ],
  payment_unknown: [404, "No payment has this id.", "Ningún pago tiene este id."],
  payment_state: [
    409,
    "The payment cannot do this in its state; `detail` says which it is.",
    "El pago no permite esto en su estado; `detail` dice cuál es.",
  ],
  payment_bound: [409, "This payment belongs to another order.", "Este pago pertenece a otro pedido."],
  tenders_mismatch: [
    422,
    "The tenders do not add up to the total; `detail` says both.",
    "Los medios de pago no suman el total; `detail` dice ambos.",
  ],
  currency_mismatch: [422, "This is another currency than the payment's.", "Esta moneda no es la del pago."],
  cash_short: [
    422,
    "Less cash was given than is to be paid.",
    "Se entregó menos efectivo del que hay que pagar.",
  ],
  capture_exceeds_authorised: [
    409,
    "No more can be taken than was set aside.",
    "No se puede cobrar más de lo autorizado.",
  ],
  refund_exceeds_captured: [
    409,
    "No more can be given back than is left of what was taken.",
    "No se puede devolver más de lo que queda de lo cobrado.",
  ],
  reference_used: [409, "Another payment has this reference.", "Otro pago tiene esta referencia."],
  gift_card_unknown: [404, "There is no such gift card.", "No existe esta tarjeta de regalo."],
  gift_card_exists: [
    409,
    "Another gift card has this id or code.",
    "Otra tarjeta de regalo tiene este id o código.",
  ],
  gift_card_expired: [409, "This gift card has expired.", "Esta tarjeta de regalo está vencida."],
  gift_card_short: [
    409,
    "The gift card is worth less than that.",
    "La tarjeta de regalo vale menos que eso.",
  ],
  provider_unknown: [
    404,
    "This payment provider is not set up.",
    "Este proveedor de pagos no está configurado.",
  ],
  signature_invalid: [
    400,
    "The signature does not fit the body, or is too old.",
    "La firma no corresponde al cuerpo, o es muy antigua.",
  ],
  cart_unknown: [
    404,
    "No open cart has this id, code or token.",
    "Ningún carrito abierto tiene este id, código o token.",
  ],
  cart_closed: [
    409,
    "This cart was bought already; open a new one.",
    "Este carrito ya se compró; abra uno nuevo.",
  ],
  cart_changed: [
    409,
    "The cart has changed since; read it and decide again.",
    "El carrito ha cambiado; léalo y decida de nuevo.",
  ],
  cart_full: [409, "The cart holds no more than this.", "En el carrito no cabe más que esto."],
  cart_empty: [409, "There is nothing in the cart.", "No hay nada en el carrito."],
  cart_of_another: [409, "This cart belongs to somebody else.", "Este carrito es de otra persona."],
  order_unknown: [404, "No order has this id.", "Ningún pedido tiene este id."],
  order_exists: [409, "There is another order with this id.", "Ya hay otro pedido con este id."],
  order_foreign: [
    409,
    "Another system keeps this order; do this there, and its events will tell.",
    "Otro sistema lleva este pedido; hágalo allí, y sus eventos lo contarán.",
  ],
  quantity_not_open: [
    409,
    "The order does not have so many of this left to do it with; `detail` says how many.",
    "Al pedido no le quedan tantas unidades para esto; `detail` dice cuántas.",
  ],
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
    "Algo falló de nuestro lado; el registro sabe más bajo `instance`.",
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
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
};
export type FieldError = { readonly pointer: string; readonly detail: string };
export type Result<Value, Code extends ProblemCode = ProblemCode> =
  | { readonly ok: true; readonly value: Value }
  | Refusal<Code>;

export function ok<Value>(value: Value): { readonly ok: true; readonly value: Value } {
  return { ok: true, value };
}

export function refuse<Code extends ProblemCode>(
  problem: Code,
  more: { detail?: string; errors?: readonly FieldError[] } = {},
): Refusal<Code> {
  return { ok: false, problem, ...more };
}
