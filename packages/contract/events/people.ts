import { Type } from "typebox";
import { id, name, text } from "./event.ts";
import { family } from "./family.ts";
import { country, day, language, note } from "./fields.ts";

/** What people say about themselves, and which identities are the same person. */
export const people = family(
  { retention: "service", purpose: "personalise" },
  {
    "person.described": {
      says: "Traits of a person; those that are not named stay as they were.",
      data: Type.Object({
        name: Type.Optional(name),
        firstName: Type.Optional(name),
        lastName: Type.Optional(name),
        language: Type.Optional(language),
        country: Type.Optional(country),
        region: Type.Optional(name),
        city: Type.Optional(name),
        postalCode: Type.Optional(text(20)),
        address: Type.Optional(note),
        birthday: Type.Optional(day),
        gender: Type.Optional(text(50)),
        householdSize: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
        timezone: Type.Optional(text(64)),
        store: Type.Optional(name),
      }),
      personal: [
        "name",
        "firstName",
        "lastName",
        "city",
        "postalCode",
        "address",
        "birthday",
        "gender",
        "householdSize",
      ],
      example: { firstName: "Ana", language: "es", country: "EC", city: "Guayaquil" },
    },
    "identity.linked": {
      says: "All identities of this event are one person.",
      data: Type.Object({ reason: Type.Optional(text(500)) }),
      purpose: "operate",
      example: { reason: "signed in" },
    },
    "person.grouped": {
      says: "A person belongs to a household, a company or a club.",
      data: Type.Object({ groupId: id, name: Type.Optional(name), kind: Type.Optional(text(50)) }),
      personal: ["groupId", "name"],
      example: { groupId: "hogar-881", kind: "household" },
    },
    "account.created": {
      says: "Somebody opened an account.",
      data: Type.Object({ by: Type.Optional(name) }),
      purpose: "operate",
      example: { by: "email" },
    },
    "account.signed_in": {
      says: "Somebody signed in.",
      data: Type.Object({ by: Type.Optional(name) }),
      purpose: "operate",
      example: { by: "email" },
    },
    "account.signed_out": {
      says: "Somebody signed out.",
      data: Type.Object({}),
      purpose: "operate",
      example: {},
    },
    "account.closed": {
      says: "Somebody closed the account. Not yet an erasure: that is asked for by itself.",
      data: Type.Object({ reason: Type.Optional(text(500)) }),
      purpose: "operate",
      example: { reason: "moved away" },
    },
  },
);
