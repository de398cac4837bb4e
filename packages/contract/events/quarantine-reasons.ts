/**
 * Why something was set aside instead of applied, in order of precedence: when several apply, the first one is
 * reported. Whole bodies come first, then what one event can be, then what is found when it meets the log, and last
 * the one reason that is a warning: the event was kept, without the card data.
 */
export const quarantineReasons = {
  encoding_unknown: [
    "The Content-Encoding is not gzip, deflate, br or none.",
    "El Content-Encoding no es gzip, deflate, br ni ninguno.",
  ],
  body_corrupt: ["The compressed body is broken or cut off.", "El cuerpo comprimido está dañado o cortado."],
  body_inflates: [
    "The compressed body grows more than it may.",
    "El cuerpo comprimido crece más de lo permitido.",
  ],
  body_too_large: [
    "The body is larger than the hub takes.",
    "El cuerpo es más grande de lo que acepta el servidor.",
  ],
  text_not_utf8: ["The body is not UTF-8 text.", "El cuerpo no es texto UTF-8."],
  batch_missing: [
    "The body has no list of events where one is expected.",
    "El cuerpo no tiene la lista de eventos donde se espera.",
  ],
  batch_too_long: [
    "The batch has more events than the hub takes at once.",
    "El lote tiene más eventos de los que se aceptan a la vez.",
  ],
  event_too_large: [
    "The event is larger than this key may send.",
    "El evento es más grande de lo que esta llave puede enviar.",
  ],
  json_too_deep: ["The JSON is nested too deeply.", "El JSON está anidado demasiado."],
  json_too_wide: ["The JSON has too many names.", "El JSON tiene demasiados nombres."],
  json_invalid: ["The text is not JSON.", "El texto no es JSON."],
  number_not_finite: ["A number is too large to be kept.", "Un número es demasiado grande para guardarse."],
  event_not_object: ["The event is not a JSON object.", "El evento no es un objeto JSON."],
  id_missing: ["The event has no id.", "El evento no tiene id."],
  id_invalid: ["The id is not a text of 1 to 200 characters.", "El id no es un texto de 1 a 200 caracteres."],
  type_missing: ["The event has no type.", "El evento no tiene tipo."],
  type_invalid: [
    "The type is not a name such as `item.viewed`.",
    "El tipo no es un nombre como `item.viewed`.",
  ],
  type_not_allowed: [
    "A public key may not say this, only a secret one; or nobody but the hub itself does.",
    "Una llave pública no puede decir esto, solo una secreta; o nadie más que el propio hub lo dice.",
  ],
  time_missing: ["The event has no time.", "El evento no tiene hora."],
  time_invalid: ["The time is not RFC 3339 with an offset.", "La hora no es RFC 3339 con desfase."],
  time_in_future: ["The time lies in the future.", "La hora está en el futuro."],
  time_too_old: [
    "The time lies before the hub's oldest time.",
    "La hora es anterior a la más antigua que se acepta.",
  ],
  field_invalid: [
    "Channel, store or session is not a short text.",
    "Canal, tienda o sesión no es un texto corto.",
  ],
  identities_invalid: ["None of the identities can be used.", "Ninguna de las identidades se puede usar."],
  data_invalid: ["The data does not fit the type.", "Los datos no corresponden al tipo."],
  id_conflict: [
    "The source used this id before, for another event.",
    "El origen ya usó este id para otro evento.",
  ],
  line_invalid: [
    "A line of an imported file is not a sale, a return or anything else we know.",
    "Una línea de un archivo importado no es venta, devolución ni nada que conozcamos.",
  ],
  not_storable: ["The database could not hold the event.", "La base de datos no pudo guardar el evento."],
  pci_redacted: [
    "Card data was removed; the rest was kept.",
    "Se quitaron datos de tarjeta; lo demás se conservó.",
  ],
} as const satisfies Record<string, readonly [en: string, es: string]>;

export type QuarantineReason = keyof typeof quarantineReasons;
