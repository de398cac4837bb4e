import { limits } from "@trato/base";
import { type Static, Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { type TransferState, transferStates } from "../states/transfer.ts";
import { itemSku } from "./catalog.ts";
import { placeId } from "./places.ts";
import { instant } from "./shapes.ts";
import { commandId, someUnits, units } from "./stock.ts";

const line = Type.Object({ sku: itemSku, quantity: someUnits }, { additionalProperties: false });
const lines = Type.Array(line, { minItems: 1, maxItems: limits.transferLinesMax });

export const receiveGoods = endpoint({
  name: "receiveGoods",
  method: "POST",
  path: "/v1/stock/receipts",
  tag: "stock",
  says: "Goods that came from a supplier: what was expected becomes what is on hand.",
  more: "More than was expected is taken as well; what is still expected stays so. The same `commandId` again moves nothing.",
  needs: "stock:write",
  body: Type.Object(
    { commandId, placeId, lines: Type.Array(line, { minItems: 1, maxItems: limits.transferLinesMax }) },
    { additionalProperties: false },
  ),
  gives: Type.Object({ result: Type.Enum(["received", "repeat"]) }),
  status: 201,
  problems: ["request_invalid", "place_unknown"],
  example: {
    body: { commandId: "asn-2291", placeId: "GYE-01", lines: [{ sku: "CAF-500", quantity: 48 }] },
    gives: { result: "received" },
  },
});

const transferId = Type.String({ minLength: 1, maxLength: 100, pattern: "^[A-Za-z0-9._~-]+$" });

export const transferLine = Type.Object({ sku: itemSku, sent: someUnits, received: units, lost: units });
export const transfer = Type.Object({
  transferId: Type.String(),
  fromPlaceId: placeId,
  toPlaceId: placeId,
  sentAt: instant,
  state: Type.Enum(Object.keys(transferStates) as TransferState[]),
  lines: Type.Array(transferLine),
});
export type Transfer = Static<typeof transfer>;

const exampleTransfer: Transfer = {
  transferId: "tr-104",
  fromPlaceId: "GYE-01",
  toPlaceId: "UIO-02",
  sentAt: "2026-11-20T10:00:00.000Z",
  state: "in_transit",
  lines: [{ sku: "CAF-500", sent: 6, received: 0, lost: 0 }],
};

export const sendTransfer = endpoint({
  name: "sendTransfer",
  method: "POST",
  path: "/v1/stock/transfers",
  tag: "stock",
  says: "Sends goods from one place to another: they leave what is on hand there and are in transit here.",
  more: "Only what is promised to nobody can be sent. Your `transferId` names it; the same one again sends nothing.",
  needs: "stock:write",
  body: Type.Object(
    { transferId, fromPlaceId: placeId, toPlaceId: placeId, lines },
    { additionalProperties: false },
  ),
  gives: transfer,
  status: 201,
  problems: ["request_invalid", "place_unknown", "out_of_stock", "transfer_exists"],
  example: {
    body: {
      transferId: "tr-104",
      fromPlaceId: "GYE-01",
      toPlaceId: "UIO-02",
      lines: [{ sku: "CAF-500", quantity: 6 }],
    },
    gives: exampleTransfer,
  },
});

export const receiveTransfer = endpoint({
  name: "receiveTransfer",
  method: "POST",
  path: "/v1/stock/transfers/{transferId}/receipts",
  tag: "stock",
  says: "Goods of a transfer that came, all of them or some.",
  more: "Without `lines`, all that is still on the way came. `close` gives up the rest: it is lost, and the transfer has arrived.",
  needs: "stock:write",
  params: Type.Object({ transferId }),
  body: Type.Object(
    { commandId, lines: Type.Optional(lines), close: Type.Optional(Type.Boolean()) },
    { additionalProperties: false },
  ),
  gives: transfer,
  problems: ["request_invalid", "transfer_unknown", "transfer_exceeded"],
  example: {
    params: { transferId: "tr-104" },
    body: { commandId: "tr-104/1" },
    gives: {
      ...exampleTransfer,
      state: "arrived",
      lines: [{ sku: "CAF-500", sent: 6, received: 6, lost: 0 }],
    },
  },
});

export const readTransfer = endpoint({
  name: "readTransfer",
  method: "GET",
  path: "/v1/stock/transfers/{transferId}",
  tag: "stock",
  says: "What was sent, what came of it, and what is still on the way.",
  needs: "stock:read",
  params: Type.Object({ transferId }),
  gives: transfer,
  problems: ["transfer_unknown"],
  example: { params: { transferId: "tr-104" }, gives: exampleTransfer },
});
