export type { Json, JsonObject } from "@trato/base";
export * from "./decisions.ts";
export * from "./endpoint.ts";
export * from "./endpoints/cart-shapes.ts";
export * from "./endpoints/carts.ts";
export * from "./endpoints/catalog.ts";
export * from "./endpoints/decision-shapes.ts";
export * from "./endpoints/decisions.ts";
export * from "./endpoints/events.ts";
export * from "./endpoints/expectations.ts";
export * from "./endpoints/goods.ts";
export * from "./endpoints/govern.ts";
export * from "./endpoints/holds.ts";
export * from "./endpoints/hub.ts";
export * from "./endpoints/intent.ts";
export * from "./endpoints/measure.ts";
export * from "./endpoints/moments.ts";
export * from "./endpoints/offers.ts";
export * from "./endpoints/order-shapes.ts";
export * from "./endpoints/orders.ts";
export * from "./endpoints/own-cart.ts";
export * from "./endpoints/payment-shapes.ts";
export * from "./endpoints/payments.ts";
export * from "./endpoints/people.ts";
export * from "./endpoints/places.ts";
export * from "./endpoints/policy-value.ts";
export * from "./endpoints/price-response.ts";
export * from "./endpoints/pricing.ts";
export * from "./endpoints/pricing-shapes.ts";
export type {
  Model,
  ModelCard,
  ModelDrift,
  ModelFamilyState,
  TrainingOutcome,
  TrainingState,
  TrainingStatus,
} from "./endpoints/score-shapes.ts";
export * from "./endpoints/scores.ts";
export * from "./endpoints/shapes.ts";
export * from "./endpoints/stock.ts";
export * from "./endpoints/stream.ts";
export * from "./endpoints/webhooks.ts";
export * from "./events/index.ts";
export * from "./events/read.ts";
export * from "./identities.ts";
export * from "./models.ts";
export * from "./moments.ts";
export { openapi, type Printable } from "./openapi.ts";
export * from "./problems.ts";
export * from "./scopes.ts";
export * from "./states/cart.ts";
export * from "./states/order.ts";
export * from "./states/payment.ts";
export * from "./states/states.ts";
export * from "./states/transfer.ts";
export * from "./topics.ts";
export * from "./words.ts";
