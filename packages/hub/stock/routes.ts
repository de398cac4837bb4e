import type { Route } from "../platform/index.ts";
import { explainStockRoute } from "./routes/explain-stock.ts";
import { findPlacesRoute } from "./routes/find-places.ts";
import {
  readTransferRoute,
  receiveGoodsRoute,
  receiveTransferRoute,
  sendTransferRoute,
} from "./routes/goods.ts";
import { placeHoldRoute, readHoldRoute, releaseHoldRoute } from "./routes/holds.ts";
import { listStockRoute } from "./routes/list-stock.ts";
import { putStockRoute } from "./routes/put-stock.ts";
import type { Stock, StockNeeds } from "./stock.ts";

/** Every endpoint of the room. */
export function stockRoutes(stock: Stock, needs: Pick<StockNeeds, "places" | "clock" | "items">): Route[] {
  return [
    putStockRoute(stock, needs),
    receiveGoodsRoute(stock, needs),
    sendTransferRoute(stock, needs),
    listStockRoute(stock, needs),
    placeHoldRoute(stock, needs),
    ...[explainStockRoute, findPlacesRoute, readHoldRoute, releaseHoldRoute].map((one) => one(stock)),
    ...[receiveTransferRoute, readTransferRoute].map((one) => one(stock)),
  ];
}
