import { limits } from "@trato/base";
import { type Static, Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { itemSku } from "./catalog.ts";
import { channelName, placeId } from "./places.ts";
import { instant } from "./shapes.ts";
import { someUnits } from "./stock.ts";

const holdId = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: "^[A-Za-z0-9._~-]+$",
  description:
    "Your system's name for the hold. The same name again changes it: what it held before is held no longer.",
});

const wantInput = Type.Object(
  {
    holdId,
    owner: Type.String({
      minLength: 1,
      maxLength: 100,
      pattern: "^[^\\u0000-\\u001f\\u007f]+$",
      description: "Whose it is, by an id; an owner may have so many holds at once and no more.",
    }),
    channel: channelName,
    lines: Type.Array(Type.Object({ sku: itemSku, quantity: someUnits }, { additionalProperties: false }), {
      minItems: 1,
      maxItems: limits.holdLinesMax,
    }),
    placeIds: Type.Optional(
      Type.Array(placeId, {
        minItems: 1,
        maxItems: limits.holdPlacesMax,
        uniqueItems: true,
        description: "In order of preference; all places that serve the channel when left out.",
      }),
    ),
    near: Type.Optional(
      Type.Object(
        {
          latitude: Type.Number({ minimum: -90, maximum: 90 }),
          longitude: Type.Number({ minimum: -180, maximum: 180 }),
        },
        { additionalProperties: false },
      ),
    ),
    forMs: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: limits.holdMsMax,
        description: "How long it lasts, in milliseconds.",
      }),
    ),
  },
  { additionalProperties: false },
);
export type WantInput = Readonly<Static<typeof wantInput>>;

/** What is held where. `forSku` is what was asked for: the item itself, or the bundle this is a part of. */
export const heldLine = Type.Object({ forSku: itemSku, placeId, sku: itemSku, quantity: someUnits });

export const hold = Type.Object({
  holdId: Type.String(),
  expiresAt: instant,
  lines: Type.Array(heldLine),
});
export type HoldAnswer = Static<typeof hold>;

export const placeHold = endpoint({
  name: "placeHold",
  method: "POST",
  path: "/v1/holds",
  tag: "stock",
  says: "Holds units for a while: all lines or none, a bundle with all its parts.",
  more: "One place serves everything if one can, the first by preference; without `placeIds` the nearest to `near`. Else the lines are split over places, by whole units: the parts of a bundle lie in one place. A hold that is over holds nothing, from that millisecond on. What is refused leaves an earlier hold of this name as it was.",
  needs: "stock:hold",
  body: wantInput,
  gives: hold,
  status: 201,
  idempotent: true,
  problems: [
    "request_invalid",
    "idempotency_running",
    "idempotency_mismatch",
    "place_unknown",
    "item_unknown",
    "out_of_stock",
    "holds_too_many",
    "overloaded",
  ],
  example: {
    body: {
      holdId: "hold-81",
      owner: "session-5f2c",
      channel: "web",
      lines: [{ sku: "CAF-500", quantity: 2 }],
      near: { latitude: -2.17, longitude: -79.92 },
      forMs: 600_000,
    },
    gives: {
      holdId: "hold-81",
      expiresAt: "2026-11-20T10:20:00.000Z",
      lines: [{ forSku: "CAF-500", placeId: "GYE-01", sku: "CAF-500", quantity: 2 }],
    },
  },
});

export const readHold = endpoint({
  name: "readHold",
  method: "GET",
  path: "/v1/holds/{holdId}",
  tag: "stock",
  says: "What a hold holds, as long as it lasts.",
  needs: "stock:read",
  params: Type.Object({ holdId }),
  gives: hold,
  problems: ["hold_unknown"],
  example: {
    params: { holdId: "hold-81" },
    gives: {
      holdId: "hold-81",
      expiresAt: "2026-11-20T10:20:00.000Z",
      lines: [{ forSku: "CAF-500", placeId: "GYE-01", sku: "CAF-500", quantity: 2 }],
    },
  },
});

export const releaseHold = endpoint({
  name: "releaseHold",
  method: "DELETE",
  path: "/v1/holds/{holdId}",
  tag: "stock",
  says: "Gives back what a hold holds, before it is over.",
  needs: "stock:hold",
  params: Type.Object({ holdId }),
  gives: Type.Object({ holdId: Type.String() }),
  idempotent: true,
  problems: ["idempotency_running", "idempotency_mismatch", "hold_unknown", "overloaded"],
  example: { params: { holdId: "hold-81" }, gives: { holdId: "hold-81" } },
});
