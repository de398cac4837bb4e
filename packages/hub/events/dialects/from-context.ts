import { isObject, type Json, type JsonObject } from "@trato/base";
import { clean } from "../check/index.ts";
import { reader, some, textOf } from "./reader.ts";

/** What a call says about who, from where and through what. */

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Who a call is about: its ids, and what its traits say that points to a person. */
export function identitiesOf(
  call: JsonObject,
  kind: string,
  header?: string,
): { readonly [kind: string]: Json } {
  const context = reader(call["context"]);
  const own = reader(kind === "group" ? undefined : call["traits"]);
  const around = reader(context.look("traits"));
  const said = (...names: string[]) => oneOrMany([own.look(...names), around.look(...names)]);
  const userId = call["userId"];
  const anonymousId = call["anonymousId"] ?? decodeHeader(header);
  const previousId = kind === "alias" ? (call["previousId"] ?? undefined) : undefined;
  const isAnonymous = typeof previousId === "string" && (uuid.test(previousId) || previousId === anonymousId);
  return some({
    national_id: said("national_id", "cedula"),
    loyalty: said("loyalty", "loyalty_number", "loyalty_id"),
    email: said("email"),
    phone: said("phone", "phone_number", "mobile"),
    user: oneOrMany([userId, isAnonymous ? undefined : previousId]),
    device: oneOrMany([reader(context.look("device")).look("id")]),
    anonymous: oneOrMany([anonymousId, isAnonymous ? previousId : undefined]),
  }) as { readonly [kind: string]: Json };
}

function oneOrMany(values: readonly unknown[]): unknown {
  const distinct = [
    ...new Set(values.filter((value) => value !== undefined && value !== null && value !== "")),
  ];
  return distinct.length > 1 ? distinct : distinct[0];
}

function decodeHeader(header: string | undefined): string | undefined {
  if (header === undefined || header.length > 500 || !/^[A-Za-z0-9+/=_-]+$/.test(header)) return undefined;
  // A header has not gone through the check that bodies go through.
  const cleaned = clean(Buffer.from(header, "base64").toString("utf8"));
  return cleaned.ok ? textOf(cleaned.value, 200) : undefined;
}

const channels: ReadonlyMap<string, string> = new Map([
  ["browser", "web"],
  ["mobile", "app"],
  ["sources", "server"],
]);

/** web, app or server: what the call says, or else what its library runs in. */
export function channelOf(call: JsonObject): string | undefined {
  const context = reader(call["context"]);
  const said = textOf(call["channel"] ?? context.look("channel"), 50)?.toLowerCase();
  if (said !== undefined) return channels.get(said) ?? said;
  const library = textOf(reader(context.look("library")).look("name"), 200)?.toLowerCase() ?? "";
  if (/android|ios|swift|kotlin|react-native|flutter|unity|xamarin/.test(library)) return "app";
  if (/analytics\.js|analytics-next|javascript|browser/.test(library)) return "web";
  return library === "" ? undefined : "server";
}

/** What of a call's context is worth keeping. Never the address of the network or the browser's description. */
export function surroundingsOf(call: JsonObject): JsonObject | undefined {
  const context = reader(call["context"]);
  const page = reader(context.look("page"));
  const pageFields = some({
    url: page.text(2_000, "url"),
    path: page.text(2_000, "path"),
    referrer: page.text(2_000, "referrer"),
    title: page.text(500, "title"),
  });
  const campaign = context.look("campaign");
  const kept = some({
    page: Object.keys(pageFields).length > 0 ? pageFields : undefined,
    campaign: isObject(campaign) ? campaign : undefined,
    locale: context.text(35, "locale"),
    timezone: context.text(64, "timezone"),
  });
  return Object.keys(kept).length > 0 ? kept : undefined;
}
