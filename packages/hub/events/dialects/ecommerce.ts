import {
  cart,
  cartItem,
  checkoutStep,
  coupon,
  item,
  list,
  type Mapping,
  mail,
  order,
  promotion,
  refund,
  review,
  simple,
  wish,
} from "./mappings.ts";
import { skuIn } from "./products.ts";
import { some } from "./reader.ts";

/** Segment's e-commerce events of version 2, those of version 1 that are still sent, and a few neighbours. */
const mappings: Readonly<Record<string, Mapping>> = {
  "Products Searched": simple("item.searched", { query: [500, "query"] }),
  "Searched Products": simple("item.searched", { query: [500, "query"] }),
  "Product List Viewed": list,
  "Product List Filtered": list,
  "Viewed Product Category": list,
  "Promotion Viewed": promotion("viewed"),
  "Promotion Clicked": promotion("clicked"),
  "Product Clicked": item("item.clicked"),
  "Product Viewed": item("item.viewed"),
  "Viewed Product": item("item.viewed"),
  "Product Added": cartItem("cart.item_added"),
  "Added Product": cartItem("cart.item_added"),
  "Wishlist Product Added to Cart": cartItem("cart.item_added"),
  "Product Removed": cartItem("cart.item_removed"),
  "Removed Product": cartItem("cart.item_removed"),
  "Cart Viewed": cart("cart.viewed"),
  "Cart Shared": cart("cart.shared"),
  "Checkout Started": cart("checkout.started"),
  "Checkout Step Viewed": checkoutStep("checkout.step_viewed"),
  "Checkout Step Completed": checkoutStep("checkout.step_completed"),
  "Payment Info Entered": checkoutStep("checkout.payment_entered"),
  "Order Completed": order("order.placed"),
  "Completed Order": order("order.placed"),
  "Order Updated": order("order.updated"),
  "Order Refunded": refund,
  "Order Cancelled": simple("order.cancelled", { orderId: [200, "order_id"], reason: [500, "reason"] }),
  "Coupon Entered": coupon("coupon.entered"),
  "Coupon Applied": coupon("coupon.applied"),
  "Coupon Denied": coupon("coupon.denied"),
  "Coupon Removed": coupon("coupon.removed"),
  "Product Added to Wishlist": wish("wishlist.item_added"),
  "Product Removed from Wishlist": wish("wishlist.item_removed"),
  "Product Shared": (p) => ({
    type: "item.shared",
    data: some({ sku: skuIn(p), via: p.text(50, "share_via"), url: p.text(2_000, "url") }),
  }),
  "Product Reviewed": review,
  "Experiment Viewed": simple("experiment.assigned", {
    experiment: [200, "experiment_id", "experiment_name"],
    variant: [200, "variation_name", "variation_id"],
  }),
  "Signed Up": simple("account.created", { by: [200, "type", "method"] }),
  "Signed In": simple("account.signed_in", { by: [200, "type", "method"] }),
  "Signed Out": simple("account.signed_out", {}),
  "Email Delivered": mail("message.arrived"),
  "Email Opened": mail("message.opened"),
  "Email Link Clicked": mail("message.clicked"),
  "Email Bounced": mail("message.bounced"),
  "Email Marked as Spam": mail("message.complained"),
  Unsubscribed: mail("message.unsubscribed"),
};

const plain = (name: string) => name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
const byPlainName = new Map(Object.entries(mappings).map(([name, mapping]) => [plain(name), mapping]));

/** Finds what a track call means, by its name however it is written; undefined for a name of the sender's own. */
export function mappingOf(name: string): Mapping | undefined {
  return name.length > 100 ? undefined : byPlainName.get(plain(name));
}

/** The names of Segment's that are understood. */
export const mappedNames: readonly string[] = Object.keys(mappings);
