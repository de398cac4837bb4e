export type { Cart, HeldPart } from "./cart.ts";
export { type Carts, createCarts } from "./carts.ts";
export { type Desk, layOut, priceOf, putAway, type Work, workOf } from "./desk.ts";
export { holdGoods } from "./hold.ts";
export type { CartNeeds, Held, HoldWanted, StockForCarts, ToldEvent, Who, WhoFound } from "./needs.ts";
export { ownCartRoutes } from "./own-routes.ts";
export { type CartRouteNeeds, cartRoutes } from "./routes.ts";
export { asOrdered, isOpen } from "./rules.ts";
export { changeOf as cartChangeOf } from "./says.ts";
