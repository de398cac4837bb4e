export type { GoodsOfOrder, OrderNeeds, PaymentsForOrders, StockForOrders } from "./needs.ts";
export { createOrders, type Orders } from "./orders.ts";
export { orderRoutes } from "./routes.ts";
