export type { CartNeeds, HeldPart, ToldEvent } from "./carts/index.ts";
export { servingPlaces } from "./carts/places.ts";
export { type OpenOrdersNeeds, type OrdersRoom, openOrders } from "./open.ts";
export type { OrderNeeds, PaymentsForOrders, StockForOrders } from "./placed/index.ts";
export { readOrdersWhere } from "./placed/store.ts";
export { ordersSlice } from "./slice.ts";
export type { Bought, Cart, OrdersState, RememberedOrder } from "./state.ts";
