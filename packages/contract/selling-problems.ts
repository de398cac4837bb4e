/** The refusals of goods, stock, payments, carts and orders; `problems` has them among all others. */
export const sellingProblems = {
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
  transfer_exists: [
    409,
    "There is another transfer with this name; give this one a name of its own.",
    "Ya hay otro traslado con este nombre; dé a este un nombre propio.",
  ],
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
  carts_too_many: [
    429,
    "Too many carts were made from this address within the hour.",
    "Se crearon demasiados carritos desde esta dirección en la última hora.",
  ],
  order_unknown: [404, "No order has this id.", "Ningún pedido tiene este id."],
  order_exists: [409, "There is another order with this id.", "Ya hay otro pedido con este id."],
  order_unpaid: [
    409,
    "The order is not paid in full: its provider did not take the money. `detail` says how much is missing, in minor units.",
    "El pedido no está pagado por completo: el proveedor no cobró. `detail` dice cuánto falta, en unidades menores.",
  ],
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
} as const satisfies Record<string, readonly [status: number, en: string, es: string]>;
