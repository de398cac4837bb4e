export { ordersSlice } from "./slice.ts";
export type { Bought, Cart, OrdersState, RememberedOrder } from "./state.ts";
