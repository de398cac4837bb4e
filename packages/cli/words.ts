import { fillWords, type Words } from "@trato/contract";

export const languages = ["es", "en"] as const;
export type Language = (typeof languages)[number];

/** The language of a POSIX locale such as es_EC.UTF-8; English when it is neither of ours. */
export function languageOf(env: Readonly<Record<string, string | undefined>>): Language {
  const locale = env["LC_ALL"] || env["LC_MESSAGES"] || env["LANG"] || "";
  return locale.toLowerCase().startsWith("es") ? "es" : "en";
}

/** Headings and sentences of what a person reads. `{name}` is filled in. */
const sentences = {
  nothing: { en: "Nothing to show.", es: "No hay nada que mostrar." },
  more: { en: "There is more: --after {next}", es: "Hay más: --after {next}" },
  rank: { en: "rank", es: "lugar" },
  what: { en: "what", es: "qué" },
  price: { en: "price", es: "precio" },
  reason: { en: "reason", es: "razón" },
  part: { en: "part", es: "parte" },
  value: { en: "value", es: "valor" },
  without: { en: "without it", es: "sin ella" },
  count: { en: "count", es: "cuántos" },
  decision: { en: "Decision {id}", es: "Decisión {id}" },
  noItems: { en: "Nothing is shown.", es: "No se muestra nada." },
  refused: { en: "Refused: {count}", es: "Rechazados: {count}" },
  askWhy: { en: "Why: trato why {id}", es: "Por qué: trato why {id}" },
  consent: { en: "Consent", es: "Consentimiento" },
  versions: { en: "Versions", es: "Versiones" },
  outranked: {
    en: "Outranked: {count}, next {next}",
    es: "Superados: {count}; el siguiente, {next}",
  },
  explored: {
    en: "Exploration: {share} of decisions try one of {among}; this one {did}.",
    es: "Exploración: {share} de las decisiones prueban uno de {among}; esta {did}.",
  },
  didExplore: { en: "did", es: "sí" },
  didNotExplore: { en: "did not", es: "no" },
  matches: { en: "{id}: matches", es: "{id}: coincide" },
  differs: { en: "{id}: {count} differences", es: "{id}: {count} diferencias" },
  recorded: { en: "recorded", es: "registrado" },
  replayed: { en: "replayed", es: "repetido" },
  where: { en: "where", es: "dónde" },
  ranking: { en: "what is bought next", es: "qué se compra después" },
  blend: { en: "Trato", es: "Trato" },
  popularity: { en: "what is popular", es: "lo popular" },
  repeatLastBasket: { en: "the last basket again", es: "repetir la última compra" },
  timing: { en: "when it is bought again", es: "cuándo se vuelve a comprar" },
  rhythm: { en: "Trato (rhythm)", es: "Trato (ritmo)" },
  personMean: { en: "the person's mean gap", es: "el intervalo medio de la persona" },
  loss: { en: "loss, days", es: "pérdida, días" },
  medianLoss: { en: "of the median", es: "de la mediana" },
  inside: { en: "in the 80 %", es: "en el 80 %" },
  trained: {
    en: "Model {version} ({family}, {recipe}): {people} people, {orders} orders, {items} items, measured on the last {days} days.",
    es: "Modelo {version} ({family}, {recipe}): {people} personas, {orders} compras, {items} artículos; medido en los últimos {days} días.",
  },
  family: { en: "family", es: "familia" },
  model: { en: "model", es: "modelo" },
  figure: { en: "figure", es: "medida" },
  lastTraining: { en: "last training", es: "último entrenamiento" },
  neverTrained: { en: "Never trained: trato train", es: "Nunca entrenado: trato train" },
  lacking: { en: "{family}: no model. {why}", es: "{family}: sin modelo. {why}" },
  group: { en: "group", es: "grupo" },
  tooFew: { en: "too few", es: "muy pocos" },
  country: { en: "country", es: "país" },
  channel: { en: "channel", es: "canal" },
  age: { en: "age", es: "edad" },
  drift: { en: "Since: {says}", es: "Desde entonces: {says}" },
  promoted: { en: "In charge now: {why}", es: "Ahora está a cargo: {why}" },
  notPromoted: { en: "Not in charge: {why}", es: "No está a cargo: {why}" },
  verified: {
    en: "{people} people replayed from the log in {ms} ms.",
    es: "{people} personas repetidas desde el registro en {ms} ms.",
  },
  profilesEqual: {
    en: "Every profile equals its replay.",
    es: "Todos los perfiles coinciden con su repetición.",
  },
  profilesDiffer: { en: "These profiles differ from their replay:", es: "Estos perfiles no coinciden:" },
  booksBalance: {
    en: "The books of stock and payments balance.",
    es: "Los libros de existencias y pagos cuadran.",
  },
  booksDiffer: {
    en: "Balances that are not the sum of their movements:",
    es: "Saldos que no son la suma de sus movimientos:",
  },
  countersAdd: { en: "The counters add up.", es: "Los contadores cuadran." },
  countersDiffer: { en: "The counters do not add up.", es: "Los contadores no cuadran." },
  notVerified: { en: "The hub is not as its log says.", es: "El servidor no está como dice su registro." },
  replaysDiffer: {
    en: "{count} decisions did not come out the same.",
    es: "{count} decisiones no salieron igual.",
  },
  key: { en: "key", es: "llave" },
  source: { en: "source", es: "origen" },
  kind: { en: "kind", es: "clase" },
  label: { en: "label", es: "nombre" },
  state: { en: "state", es: "estado" },
  detail: { en: "detail", es: "detalle" },
  received: { en: "received", es: "recibido" },
  event: { en: "event", es: "evento" },
  open: { en: "open", es: "pendiente" },
  repaired: { en: "repaired", es: "reparado" },
  dropped: { en: "dropped", es: "descartado" },
  keyActive: { en: "active", es: "activa" },
  keyExpired: { en: "expired", es: "vencida" },
  keyRevoked: { en: "revoked", es: "revocada" },
  keyMade: {
    en: "Key {id}. Its secret is shown this once:",
    es: "Llave {id}. Su secreto se muestra solo esta vez:",
  },
  keyEnded: { en: "Key {id} is revoked.", es: "La llave {id} quedó revocada." },
  repairedAs: { en: "{id}: repaired ({fate}).", es: "{id}: reparado ({fate})." },
  droppedOne: { en: "{id}: dropped.", es: "{id}: descartado." },
  notTrained: { en: "No model was trained: {state}.", es: "No se entrenó ningún modelo: {state}." },
  training_waiting: { en: "it waits", es: "espera" },
  training_running: { en: "it runs", es: "sigue en curso" },
  training_done: { en: "it is done", es: "terminó" },
  training_refused: { en: "it was refused", es: "fue rechazado" },
  training_failed: { en: "it failed", es: "falló" },
  training_stopped: { en: "it was stopped", es: "se detuvo" },
  hubRuns: { en: "Trato runs at {url}", es: "Trato está en {url}" },
  keyFile: { en: "Key", es: "Llave" },
  apiReference: { en: "Reference", es: "Referencia" },
  stopWith: { en: "Ctrl-C stops it.", es: "Ctrl-C lo detiene." },
  stopping: { en: "Stopping…", es: "Deteniendo…" },
  yes: { en: "yes", es: "sí" },
  no: { en: "no", es: "no" },
  ownHub: {
    en: "No hub answers at {url}: one is started for this import.",
    es: "No hay servidor en {url}: se inicia uno para esta importación.",
  },
  importing: {
    en: "{lines} lines, {rate}/s, {left} s left",
    es: "{lines} líneas, {rate}/s, faltan {left} s",
  },
  imported: {
    en: "{file}: {lines} lines in {orders} orders, {seconds} s ({rate} lines/s)",
    es: "{file}: {lines} líneas en {orders} compras, {seconds} s ({rate} líneas/s)",
  },
  fate: { en: "fate", es: "destino" },
  lines: { en: "lines", es: "líneas" },
  rounding: { en: "rounding", es: "redondeo" },
  total: { en: "total", es: "total" },
  fate_sales: { en: "sales", es: "ventas" },
  fate_anonymous: { en: "anonymous sales", es: "ventas anónimas" },
  fate_returns: { en: "returns", es: "devoluciones" },
  fate_quarantined: { en: "quarantined", es: "en cuarentena" },
  fileTotal: {
    en: "The file: {lines} lines, {amount}. Reconciles: {yes}",
    es: "El archivo: {lines} líneas, {amount}. Cuadra: {yes}",
  },
  withoutAmount: {
    en: "{count} lines have no amount, because quantity or price is no number.",
    es: "{count} líneas no tienen importe, porque la cantidad o el precio no es un número.",
  },
  returnsLinked: {
    en: "Returns: {linked} of {all} lines linked to a purchase",
    es: "Devoluciones: {linked} de {all} líneas enlazadas a una compra",
  },
  hubHas: {
    en: "The hub: {events} events sent, {applied} applied, {repeat} repeats; {asides} lines put aside, {kept} kept. Agrees: {yes}",
    es: "El servidor: {events} eventos enviados, {applied} aplicados, {repeat} repetidos; {asides} líneas apartadas, {kept} guardadas. Coincide: {yes}",
  },
  hubQuarantined: {
    en: "{count} events were quarantined by the hub: trato quarantine list",
    es: "El servidor puso en cuarentena {count} eventos: trato quarantine list",
  },
  hubErased: {
    en: "{count} events belong to erased people.",
    es: "{count} eventos son de personas borradas.",
  },
  resumed: {
    en: "Went on after {count} groups that an earlier run had sent.",
    es: "Continuó después de {count} grupos que ya se habían enviado.",
  },
  consentRecorded: {
    en: 'Consent to "{purpose}" of {people} people: {applied} recorded, {repeat} known',
    es: 'Consentimiento para "{purpose}" de {people} personas: {applied} registrados, {repeat} conocidos',
  },
  nobodyPersonalised: {
    en: "No consent was recorded, so nobody in this file is personalised: --consent personalise records it, if they agreed.",
    es: "No se registró consentimiento, así que no se personaliza a nadie de este archivo: --consent personalise lo registra, si aceptaron.",
  },
  itemsTold: {
    en: "Items: {created} new, {changed} changed, {unchanged} unchanged, {refused} refused",
    es: "Artículos: {created} nuevos, {changed} cambiados, {unchanged} iguales, {refused} rechazados",
  },
  period: { en: "{from} to {until} UTC, {currency}", es: "{from} a {until} UTC, {currency}" },
  who: { en: "who", es: "quién" },
  people: { en: "people", es: "personas" },
  decisions: { en: "decisions", es: "decisiones" },
  seen: { en: "seen", es: "vistos" },
  clicks: { en: "clicks", es: "clics" },
  buyers: { en: "buyers", es: "compran" },
  perPerson: { en: "per person", es: "por persona" },
  difference: { en: "difference", es: "diferencia" },
  treatedLessHoldout: { en: "over holdout", es: "sobre control" },
  lift: { en: "lift", es: "mejora" },
  revenuePerPerson: { en: "revenue per person", es: "ingreso por persona" },
  buyerRate: { en: "people who buy", es: "personas que compran" },
  conversionRate: { en: "people who buy what they saw", es: "compran lo que vieron" },
  demoStarts: {
    en: "A hub for the demonstration is started; this takes some seconds.",
    es: "Se inicia un servidor para la demostración; tarda unos segundos.",
  },
  staysUp: { en: "The hub stays up. Ctrl-C ends it.", es: "El servidor sigue activo. Ctrl-C lo termina." },
  notReconciled: {
    en: "The import does not add up: the report says where.",
    es: "La importación no cuadra: el informe dice dónde.",
  },
} as const satisfies Record<string, Words>;
export type Sentence = keyof typeof sentences;

/** The sentence in the reader's language, filled in. */
export type Say = (sentence: Sentence, values?: Readonly<Record<string, string>>) => string;

export function speak(language: Language): Say {
  return (sentence, values = {}) => fillWords(sentences[sentence], values)[language];
}
