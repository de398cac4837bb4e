export { eraseDeliveriesOf } from "./delivery-store.ts";
export { resolveBySystem } from "./post.ts";
export { pruneOldDeliveries } from "./prune.ts";
export { deliveryRoutes } from "./routes/deliveries.ts";
export { webhookRoutes } from "./routes/webhooks.ts";
export { createSender, type Sender } from "./sender.ts";
