import type { JsonObject } from "@trato/base";
import { eventTypes } from "@trato/contract";
import { reader, some } from "./reader.ts";

/** What points to a person is an identity, not a trait. */
const identityTraits = [
  "email", "phone", "phone_number", "mobile", "national_id", "cedula", "loyalty", "loyalty_number", "loyalty_id",
]; // biome-ignore format: a list

/** The traits of an identify call as `person.described`: the known ones in our words, the others under their own names. */
export function describe(call: JsonObject): JsonObject {
  const p = reader(call["traits"]);
  const context = reader(call["context"]);
  const address = reader(p.object("address"));
  for (const name of identityTraits) p.text(500, name);
  const firstName = p.text(200, "first_name");
  const lastName = p.text(200, "last_name");
  const both = [firstName, lastName].filter((part) => part !== undefined).join(" ");
  const known = some({
    name: p.text(200, "name") ?? (both === "" ? undefined : both),
    firstName,
    lastName,
    language: p.text(35, "language") ?? context.text(35, "locale"),
    country: countryOf(p.text(2, "country") ?? address.text(2, "country")),
    region: p.text(200, "region", "state") ?? address.text(200, "region", "state"),
    city: p.text(200, "city") ?? address.text(200, "city"),
    postalCode: p.text(20, "postal_code", "zip") ?? address.text(20, "postal_code", "zip"),
    address: p.text(5_000, "address") ?? address.text(5_000, "street"),
    birthday: dayOf(p.text(40, "birthday", "birth_date")),
    gender: p.text(50, "gender"),
    householdSize: p.number("household_size"),
    timezone: p.text(64, "timezone") ?? context.text(64, "timezone"),
    store: p.text(200, "store"),
  });
  const { own, unread } = partTraits(p.rest());
  const more = some({ ...unread, address: address.rest() ?? unread["address"] });
  return Object.keys(more).length > 0 ? { ...own, ...known, more } : { ...own, ...known };
}

/** Traits of the shop's own, and those that bear a name of ours but could not be read as such. */
function partTraits(rest: JsonObject | undefined): { own: JsonObject; unread: JsonObject } {
  const ours = eventTypes["person.described"].data.properties;
  const isOurs = (name: string) => Object.hasOwn(ours, name) || name === "traits" || name === "more";
  const entries = Object.entries(rest ?? {});
  return {
    own: Object.fromEntries(entries.filter(([name]) => !isOurs(name))),
    unread: Object.fromEntries(entries.filter(([name]) => isOurs(name))),
  };
}

const countryOf = (code: string | undefined) =>
  /^[a-z]{2}$/i.test(code ?? "") ? code!.toUpperCase() : undefined;
const dayOf = (text: string | undefined) => /^\d{4}-\d{2}-\d{2}/.exec(text ?? "")?.[0];
