import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "@trato/base";
import { catalogue } from "@trato/contract";
import { mappedNames } from "./index.ts";
import { checked, only, stamp, track } from "./testing/calls.ts";

test("the calls of Segment's e-commerce spec mean what our types say", () => {
  const cup = {
    product_id: "507f",
    sku: "G-32",
    name: "Taza",
    category: "Cocina",
    price: 18.99,
    quantity: 2,
    currency: "usd",
  };
  const cases: readonly [event: string, properties: JsonObject, type: string, data: JsonObject][] = [
    ["Products Searched", { query: "café" }, "item.searched", { query: "café" }],
    ["Product List Viewed", { list_id: "hot", category: "Café", products: [cup, { product_id: 7 }, {}] }, "list.viewed",
      { list: "hot", category: "Café", skus: ["G-32", "7"] }],
    ["Product List Filtered", { list_id: "hot", filters: [{ type: "price", value: "under-10" }], sorts: [{ type: "price", value: "desc" }] },
      "list.viewed", { list: "hot", filters: ["price:under-10"], sorts: ["price:desc"] }],
    ["Promotion Viewed", { promotion_id: "p1", creative: "c", name: "n", position: "top" }, "promotion.viewed",
      { promotionId: "p1", creative: "c", name: "n", position: "top" }],
    ["Promotion Viewed", { decision_id: "d1", key: "k", placement: "web.home", position: 2 }, "decision.exposed",
      { decisionId: "d1", key: "k", placement: "web.home", rank: 2 }],
    ["Promotion Clicked", { decision_id: "d1", key: "k" }, "decision.outcome", { decisionId: "d1", key: "k", outcome: "clicked" }],
    ["Product Clicked", { product_id: "507f", position: 3 }, "item.clicked", { sku: "507f", position: 3 }],
    ["Product Viewed", cup, "item.viewed",
      { sku: "G-32", title: "Taza", category: "Cocina", priceMinor: 1899, currency: "USD", more: { product_id: "507f", quantity: 2 } }],
    ["product_viewed", { sku: "a" }, "item.viewed", { sku: "a" }],
    ["Viewed Product", { sku: "a" }, "item.viewed", { sku: "a" }],
    ["Product Added", { ...cup, cart_id: "c1" }, "cart.item_added",
      { sku: "G-32", title: "Taza", category: "Cocina", priceMinor: 1899, currency: "USD", quantity: 2, cartId: "c1", more: { product_id: "507f" } }],
    ["Product Removed", { sku: "a" }, "cart.item_removed", { sku: "a", quantity: 1 }],
    ["Wishlist Product Added to Cart", { sku: "a", wishlist_id: "w" }, "cart.item_added", { sku: "a", quantity: 1, more: { wishlist_id: "w" } }],
    ["Cart Viewed", { cart_id: "c1", products: [cup, {}] }, "cart.viewed",
      { cartId: "c1", currency: "USD", lines: [{ sku: "G-32", quantity: 2, priceMinor: 1899, title: "Taza", category: "Cocina" }] }],
    ["Cart Shared", { share_via: "email", cart_id: "c1" }, "cart.shared", { via: "email", cartId: "c1", currency: "USD", lines: [] }],
    ["Checkout Started", { order_id: "o1", value: 20 }, "checkout.started", { orderId: "o1", currency: "USD", totalMinor: 2000, lines: [] }],
    ["Checkout Step Viewed", { checkout_id: "k", step: 2, payment_method: "card" }, "checkout.step_viewed",
      { checkoutId: "k", step: 2, paymentMethod: "card" }],
    ["Payment Info Entered", { checkout_id: "k" }, "checkout.payment_entered", { checkoutId: "k" }],
    ["Order Cancelled", { order_id: "o1", total: 3 }, "order.cancelled", { orderId: "o1", more: { total: 3 } }],
    ["Order Refunded", { order_id: "o1", total: 18.99 }, "order.returned",
      { returnId: "m1", orderId: "o1", currency: "USD", totalMinor: 1899, lines: [] }],
    ["Coupon Applied", { coupon_id: "X1", discount: 1.5, order_id: "o1" }, "coupon.applied",
      { coupon: "X1", orderId: "o1", discountMinor: 150, currency: "USD" }],
    ["Coupon Denied", { coupon_name: "X1", reason: "old" }, "coupon.denied", { coupon: "X1", reason: "old" }],
    ["Product Added to Wishlist", { product_id: "a", wishlist_id: "w" }, "wishlist.item_added", { sku: "a", wishlistId: "w" }],
    ["Product Shared", { product_id: "a", share_via: "sms" }, "item.shared", { sku: "a", via: "sms" }],
    ["Product Reviewed", { product_id: "a", review_id: "r", review_body: "Bien", rating: "5" }, "item.reviewed",
      { sku: "a", rating: 5, reviewId: "r", comment: "Bien" }],
    ["Signed In", {}, "account.signed_in", {}],
    ["Email Opened", { email_id: "e1", campaign_id: "c1" }, "message.opened", { messageId: "e1", channel: "email", campaign: "c1" }],
    ["order.cancelled", { orderId: "o1" }, "order.cancelled", { orderId: "o1" }],
  ]; // biome-ignore format: a table
  for (const [event, properties, type, data] of cases)
    assert.deepEqual(track(event, properties), { type, data }, event);
});

test("an order keeps its money to the cent, whatever arithmetic the page did", () => {
  const products = [
    { product_id: "a", sku: "A", name: "Café", price: 19.99, quantity: 3, brand: "x" },
    { product_id: "b", price: "0.10", quantity: 1 },
  ];
  const properties = {
    order_id: 1001,
    total: 3 * 19.99 + 0.1 + 5 + 7.2,
    shipping: 5,
    tax: 7.2,
    discount: 0,
    coupon: "X",
    currency: "USD",
    products,
  };
  assert.deepEqual(track("Order Completed", properties).data, {
    orderId: "1001",
    currency: "USD",
    totalMinor: 7227,
    taxMinor: 720,
    shippingMinor: 500,
    discountMinor: 0,
    coupons: ["X"],
    lines: [
      { sku: "A", quantity: 3, amountMinor: 5997, title: "Café", more: { product_id: "a", brand: "x" } },
      { sku: "b", quantity: 1, amountMinor: 10 },
    ],
  });
});

test("lines without a price share what the total leaves for them", () => {
  const products = [{ sku: "a", price: 5 }, { sku: "b" }, { sku: "c" }];
  const { data } = track("Order Completed", { order_id: "o", total: 8.01, shipping: 1, products });
  assert.deepEqual(
    (data["lines"] as { amountMinor: number }[]).map((line) => line.amountMinor),
    [500, 101, 100],
  );
});

test("what cannot be understood is kept as an event of the sender's own", () => {
  const cases: readonly [event: string, properties: JsonObject, type: string][] = [
    ["Coffee Tasted!", { cups: 2 }, "custom.coffee_tasted"],
    ["Degustación de Café", {}, "custom.degustacion_de_cafe"],
    ["コーヒー", {}, "custom.event"],
    ["Order Completed", { order_id: "o1", total: 5 }, "custom.order_completed"],
    [
      "Order Completed",
      { order_id: "o1", products: [{ name: "no sku", price: 1 }] },
      "custom.order_completed",
    ],
    [
      "Order Completed",
      { order_id: "o1", currency: "XXX", products: [{ sku: "a", price: 1 }] },
      "custom.order_completed",
    ],
    ["Order Completed", { products: [{ sku: "a", price: 1 }] }, "custom.order_completed"],
    [
      "Order Completed",
      { order_id: "o1", products: [{ sku: "a", price: "1,50" }] },
      "custom.order_completed",
    ],
    ["Product Viewed", { name: "no sku" }, "custom.product_viewed"],
    ["Product Viewed", { sku: "x".repeat(101) }, "custom.product_viewed"],
    ["Order Refunded", { order_id: "o1" }, "custom.order_refunded"],
    ["__proto__", {}, "custom.proto"],
  ];
  for (const [event, properties, type] of cases) {
    const wire = only({ ...stamp, userId: "u1", event, properties }, "track");
    assert.deepEqual(
      { type: wire.type, data: wire.data },
      { type, data: { name: event, properties } },
      event,
    );
    assert.ok(checked(wire).ok);
  }
});

test("every name of the spec leads to a type of the catalogue", () => {
  const product = { product_id: "a", price: 1, rating: 5 };
  const all = {
    ...product, query: "q", promotion_id: "p", order_id: "o", total: 1, coupon: "c", step: 1, email_id: "e",
    experiment_id: "x", variation_name: "b", products: [product],
  }; // biome-ignore format: a list
  for (const name of mappedNames) {
    const { type } = track(name, all);
    assert.ok(catalogue.has(String(type)), `${name} became ${type}`);
  }
});
