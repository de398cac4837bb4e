import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { allScopes, type Scope } from "../scopes.ts";
import { instant, uuid } from "./shapes.ts";

const scope = Type.Enum(allScopes as Scope[]);
const keyRow = Type.Object({
  keyId: Type.String(),
  source: Type.String(),
  kind: Type.Enum(["public", "secret"]),
  scopes: Type.Array(scope),
  label: Type.String(),
  createdAt: instant,
  expiresAt: Type.Union([instant, Type.Null()]),
  revokedAt: Type.Union([instant, Type.Null()]),
});
const keyExample = {
  keyId: "9f86d081884c7d65",
  source: "web",
  kind: "public" as const,
  scopes: ["events:append" as const],
  label: "The web shop",
  createdAt: "2026-11-22T15:04:05.000Z",
  expiresAt: null,
  revokedAt: null,
};

export const createKeyEndpoint = endpoint({
  name: "createKey",
  method: "POST",
  path: "/v1/keys",
  tag: "keys",
  says: "Makes a key. Its secret is in this answer and nowhere else: only a hash is kept.",
  more: "A public key may stand in a web page: it can only append events to its own source, and follow a cart whose token it shows. A secret key does what its scopes say.",
  needs: "keys:admin",
  body: Type.Object({
    source: Type.String({
      pattern: "^(?!trato$)[a-z0-9][a-z0-9._-]{0,59}$",
      description: "Names the system that will send with it. `trato` is the hub itself.",
    }),
    kind: Type.Enum(["public", "secret"]),
    scopes: Type.Optional(Type.Array(scope, { minItems: 1 })),
    label: Type.String({ minLength: 1, maxLength: 100 }),
    expiresAt: Type.Optional(Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}T.*(Z|[+-]\\d{2}:\\d{2})$" })),
  }),
  gives: Type.Object({ keyId: Type.String(), secret: Type.String() }),
  status: 201,
  problems: ["request_invalid"],
  example: {
    body: { source: "web", kind: "public", label: "The web shop" },
    gives: { keyId: "9f86d081884c7d65", secret: "tpk_9f86d081884c7d65_…" },
  },
});

export const listKeysEndpoint = endpoint({
  name: "listKeys",
  method: "GET",
  path: "/v1/keys",
  tag: "keys",
  says: "Lists the keys, without their secrets.",
  needs: "keys:admin",
  gives: Type.Object({ items: Type.Array(keyRow) }),
  problems: [],
  example: { gives: { items: [keyExample] } },
});

export const revokeKeyEndpoint = endpoint({
  name: "revokeKey",
  method: "POST",
  path: "/v1/keys/{keyId}/revoke",
  tag: "keys",
  says: "Ends a key; every hub refuses it within two seconds.",
  needs: "keys:admin",
  params: Type.Object({ keyId: Type.String({ maxLength: 64 }) }),
  gives: Type.Object({ revoked: Type.Literal(true) }),
  problems: ["key_id_unknown"],
  idempotent: true,
  example: { params: { keyId: "9f86d081884c7d65" }, gives: { revoked: true } },
});

export const erasePerson = endpoint({
  name: "erasePerson",
  method: "POST",
  path: "/v1/people/{personId}/erase",
  tag: "people",
  says: "Erases a person from every room, and makes sure that late events do not bring them back.",
  needs: "people:erase",
  params: Type.Object({ personId: uuid }),
  gives: Type.Object({
    erased: Type.Literal(true),
    members: Type.Array(uuid),
    removed: Type.Record(Type.String(), Type.Integer({ minimum: 0 }), {
      description: "Rows removed, by room.",
    }),
  }),
  problems: ["person_unknown", "person_erased"],
  idempotent: true,
  example: {
    params: { personId: "019b76da-a800-7412-a472-2316aeb05c21" },
    gives: {
      erased: true,
      members: ["019b76da-a800-7412-a472-2316aeb05c21"],
      removed: { events: 12, identities: 2 },
    },
  },
});
