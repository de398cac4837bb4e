import { createHash } from "node:crypto";
import { type Currency, canonical, isObject, type Json, type JsonObject } from "@trato/base";
import { eventTypes } from "@trato/contract";
import { fitsType } from "../check/index.ts";
import { mappingOf } from "./ecommerce.ts";
import { channelOf, identitiesOf, surroundingsOf } from "./from-context.ts";
import { type Reader, reader, some, textOf } from "./reader.ts";
import { describe } from "./traits.ts";
import { slug, type WireEvent } from "./wire.ts";

export type SegmentOptions = {
  /** For amounts without a currency; US dollars when absent, as Segment has it. */
  readonly defaultCurrency?: Currency;
  /** RudderStack's `anonymousId` header (base64), for events that name nobody. */
  readonly anonymousIdHeader?: string | undefined;
  /** Where the first call stands in its batch, when a batch is handed over in parts; 0 when absent. */
  readonly firstIndex?: number;
};

const shortForms: Readonly<Record<string, string>> = {
  i: "identify",
  t: "track",
  p: "page",
  s: "screen",
  g: "group",
  a: "alias",
  b: "batch",
  import: "batch",
};

/**
 * Turns a body of Segment's or RudderStack's HTTP API into events in our words, one for each call and in their order;
 * what is no object is handed on as it is, for the check to refuse. A call that cannot be understood becomes a custom
 * event: nothing is lost. Each event carries its own `sentAt`, so the batch's must not be applied again.
 */
export function segment(
  body: unknown,
  path: string,
  nowMs: number,
  options: SegmentOptions = {},
): { readonly events: readonly unknown[] } {
  const last = path.split("?")[0]!.split("/").filter(Boolean).at(-1) ?? "";
  const kind = shortForms[last] ?? last;
  if (!isObject(body)) return { events: [body] };
  const first = options.firstIndex ?? 0;
  if (kind !== "batch")
    return { events: [toWire(body as JsonObject, kind, { nowMs, index: first, options })] };
  const { batch, ...frame } = body as { batch?: Json } & JsonObject;
  const calls = Array.isArray(batch) ? batch : [];
  const events = calls.map((call: Json, index) => {
    if (!isObject(call)) return call;
    const merged = { ...call, context: mergeContext(frame["context"], call["context"]) };
    const sentAt = call["sentAt"] ?? frame["sentAt"];
    const whole = sentAt === undefined ? merged : { ...merged, sentAt };
    return toWire(whole as JsonObject, textOf(call["type"], 50) ?? "track", {
      nowMs,
      index: first + index,
      options,
    });
  });
  return { events };
}

function mergeContext(outer: unknown, inner: unknown): JsonObject {
  return { ...(isObject(outer) ? outer : {}), ...(isObject(inner) ? inner : {}) } as JsonObject;
}

type Where = { readonly nowMs: number; readonly index: number; readonly options: SegmentOptions };

function toWire(call: JsonObject, kind: string, where: Where): WireEvent {
  const saidAt = call["timestamp"] ?? call["originalTimestamp"] ?? call["sentAt"];
  const nowText = new Date(where.nowMs).toISOString();
  const isSaid = saidAt !== undefined && saidAt !== null;
  const time = isSaid ? timeText(saidAt) : nowText;
  const sentAt = isSaid ? call["sentAt"] : nowText;
  const id = textOf(call["messageId"], 200) ?? contentId(call, isSaid ? undefined : where);
  const { type, data } = meaning(call, kind, { id, currency: where.options.defaultCurrency ?? "USD" });
  return some({
    id,
    type,
    time,
    sentAt,
    channel: channelOf(call),
    session: textOf(reader(call["context"]).look("sessionId", "session_id"), 200),
    store: textOf(reader(call["properties"]).look("store_id"), 100),
    identities: identitiesOf(call, kind, where.options.anonymousIdHeader),
    data,
  }) as unknown as WireEvent;
}

/** Milliseconds or seconds since 1970 become a time; a text stays what it is, for the check to judge. */
function timeText(given: Json): Json {
  if (typeof given !== "number") return given;
  const ms = given < 1e11 ? given * 1_000 : given;
  return ms >= 0 && ms < 253_402_300_800_000 ? new Date(ms).toISOString() : String(given);
}

/** For a call without a messageId: the same call again gets the same id, unless nothing says when it happened. */
function contentId(call: JsonObject, where: Where | undefined): string {
  const { sentAt, ...said } = call;
  const once = where === undefined ? "" : `${where.nowMs}/${where.index}`;
  return `content-${createHash("sha256").update(canonical(said)).update(once).digest("hex").slice(0, 32)}`;
}

type About = { readonly id: string; readonly currency: Currency };
type Meaning = { readonly type: string; readonly data: JsonObject };

/** What a call means; a meaning whose data would not fit its type is no meaning. */
function meaning(call: JsonObject, kind: string, about: About): Meaning {
  const found = understand(call, kind, about);
  if (found !== undefined && fitsType(found.type, found.data)) return found;
  const name = textOf(call["event"], 500) ?? textOf(call["name"], 500) ?? kind;
  const properties = call["properties"] ?? call["traits"];
  const isTrack = kind === "track" || textOf(call["event"], 500) !== undefined;
  const type = `custom.${slug(isTrack ? name : kind)}`;
  return { type, data: some({ name, properties, context: surroundingsOf(call) }) };
}

function understand(call: JsonObject, kind: string, about: About): Meaning | undefined {
  if (kind === "track") return understandTrack(call, about);
  if (kind === "identify") return { type: "person.described", data: describe(call) };
  if (kind === "alias") return { type: "identity.linked", data: { reason: "alias" } };
  if (kind === "group") {
    const p = reader(call["traits"]);
    const data = { groupId: textOf(call["groupId"], 200), name: p.text(200, "name"), more: p.rest() };
    return { type: "person.grouped", data: some(data) };
  }
  if (kind !== "page" && kind !== "screen") return undefined;
  const p = reader(call["properties"]);
  const address = kind === "page" ? pageAddress(p, reader(reader(call["context"]).look("page"))) : {};
  const name = textOf(call["name"], 200) ?? p.text(200, "name");
  const category = textOf(call["category"], 200) ?? p.text(200, "category");
  return { type: `${kind}.viewed`, data: some({ ...address, name, category, ...beside(call, p.rest()) }) };
}

/** Where the page is, by its properties or else by the context. */
function pageAddress(p: Reader, page: Reader) {
  const long = (name: string) => p.text(2_000, name) ?? page.text(2_000, name);
  const title = p.text(500, "title") ?? page.text(500, "title");
  return { url: long("url"), path: long("path"), title, referrer: long("referrer"), search: long("search") };
}

function understandTrack(call: JsonObject, about: About): Meaning | undefined {
  const name = textOf(call["event"], 500);
  if (name === undefined) return undefined;
  const properties = isObject(call["properties"]) ? (call["properties"] as JsonObject) : {};
  if (Object.hasOwn(eventTypes, name)) return { type: name, data: properties };
  const p = reader(properties);
  const mapped = mappingOf(name)?.(p, about);
  return mapped && { type: mapped.type, data: some({ ...mapped.data, ...beside(call, p.rest()) }) };
}

/** What was said besides what we have words for. */
function beside(call: JsonObject, more: JsonObject | undefined) {
  return { more, context: surroundingsOf(call) };
}
