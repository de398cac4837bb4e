import { ok, readTransfer, receiveGoods, receiveTransfer, refuse, sendTransfer } from "@trato/contract";
import { command, type Route, route } from "../../platform/index.ts";
import { transferAnswer } from "../answers.ts";
import * as store from "../goods-store.ts";
import { bundlesAmong, noPlace } from "../known.ts";
import { sumPlaced } from "../order-rules.ts";
import type { Stock, StockNeeds } from "../stock.ts";

type Needs = Pick<StockNeeds, "places" | "items">;

/** `POST /v1/stock/receipts`. Each line is a command of its own, named by the caller's id and its item. */
export const receiveGoodsRoute = (stock: Stock, { places, items }: Needs): Route =>
  command(receiveGoods, async ({ body, key, tx, nowMs }) => {
    const { placeId } = body;
    if (!places().has(placeId)) return noPlace(placeId);
    const bundles = bundlesAmong(body.lines, items());
    if (bundles !== undefined) return bundles;
    const receipts = sumPlaced(body.lines.map((line) => ({ ...line, placeId }))).map((line) => ({
      ...line,
      commandId: `receipt:${key.source}/${body.commandId}/${line.sku}`,
      reason: "receipt" as const,
    }));
    const received = await stock.receive(tx, receipts, nowMs);
    return ok({ result: received.includes(true) ? ("received" as const) : ("repeat" as const) });
  });

/** `POST /v1/stock/transfers`. */
export const sendTransferRoute = (stock: Stock, { places, items }: Needs): Route =>
  command(sendTransfer, async ({ body, tx, nowMs }) => {
    const { transferId, fromPlaceId, toPlaceId } = body;
    const unknown = [fromPlaceId, toPlaceId].find((placeId) => !places().has(placeId));
    if (unknown !== undefined) return noPlace(unknown);
    if (fromPlaceId === toPlaceId) {
      const errors = [
        {
          pointer: "/body/toPlaceId",
          detail: {
            en: "name another place than the one they leave",
            es: "nombre otro lugar que aquel de donde salen",
          },
        },
      ];
      return refuse("request_invalid", { errors });
    }
    const bundles = bundlesAmong(body.lines, items());
    if (bundles !== undefined) return bundles;
    const lines = sumPlaced(body.lines.map((line) => ({ ...line, placeId: fromPlaceId }))).map((line) => ({
      ...{ sku: line.sku, sent: line.quantity, received: 0, lost: 0 },
    }));
    const transfer = {
      transferId,
      fromPlaceId,
      toPlaceId,
      sentMs: nowMs,
      state: "in_transit" as const,
      lines,
    };
    const sent = await stock.sendTransfer(tx, transfer);
    return sent.ok ? ok(transferAnswer(sent.value)) : sent;
  });

/** `POST /v1/stock/transfers/{transferId}/receipts`. */
export const receiveTransferRoute = (stock: Stock): Route =>
  command(receiveTransfer, async ({ params, body, key, tx, nowMs }) => {
    const { lines, close = false } = body;
    const commandId = `transfer:${params.transferId}/${key.source}/${body.commandId}`;
    const came = { ...params, lines, close, commandId };
    const done = await stock.receiveTransfer(tx, came, nowMs);
    return done.ok ? ok(transferAnswer(done.value)) : done;
  });

/** `GET /v1/stock/transfers/{transferId}`. */
export const readTransferRoute = ({ queries }: Stock): Route =>
  route(readTransfer, async ({ params }) => {
    const found = await store.readTransfer(queries, params.transferId, { lock: false });
    return found === undefined ? refuse("transfer_unknown") : ok(transferAnswer(found));
  });
