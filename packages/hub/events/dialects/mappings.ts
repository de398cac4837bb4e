import type { Currency, JsonObject } from "@trato/base";
import { cartLines, currencyOf, paidLines, productFields, quantityIn, skuIn, skusIn } from "./products.ts";
import { type Reader, some } from "./reader.ts";

/** What a mapping may look at besides the properties: the call's id, and the currency of amounts without one. */
export type About = { readonly id: string; readonly currency: Currency };
export type Mapped = { readonly type: string; readonly data: JsonObject };
/** Turns the properties of one track call into our words; undefined when they do not say enough. */
export type Mapping = (p: Reader, about: About) => Mapped | undefined;

export const item =
  (type: string): Mapping =>
  (p, about) => {
    const list = p.text(200, "list", "list_id");
    const position = p.number("position");
    const extra = { list, position, url: p.text(2_000, "url") };
    return { type, data: some({ ...productFields(p, currencyOf(p, about.currency)), ...extra }) };
  };

export const cartItem =
  (type: string): Mapping =>
  (p, about) => {
    const fields = productFields(p, currencyOf(p, about.currency));
    return { type, data: some({ ...fields, quantity: quantityIn(p), cartId: p.text(200, "cart_id") }) };
  };

export const wish =
  (type: string): Mapping =>
  (p, about) => {
    const fields = productFields(p, currencyOf(p, about.currency));
    return { type, data: some({ ...fields, wishlistId: p.text(200, "wishlist_id") }) };
  };

export const cart =
  (type: string): Mapping =>
  (p, about) => {
    const currency = currencyOf(p, about.currency);
    const totalMinor = p.minor(currency, "total", "value", "revenue");
    const ids = {
      cartId: p.text(200, "cart_id"),
      orderId: p.text(200, "order_id"),
      via: p.text(50, "share_via"),
    };
    return { type, data: some({ ...ids, currency, totalMinor, lines: cartLines(p, currency) }) };
  };

export const checkoutStep =
  (type: string): Mapping =>
  (p) => ({
    type,
    data: some({
      checkoutId: p.text(200, "checkout_id"),
      orderId: p.text(200, "order_id"),
      step: p.number("step") ?? p.text(200, "step"),
      shippingMethod: p.text(200, "shipping_method"),
      paymentMethod: p.text(200, "payment_method"),
    }),
  });

export const coupon =
  (type: string): Mapping =>
  (p, about) => {
    const currency = currencyOf(p, about.currency);
    const discountMinor = p.minor(currency, "discount");
    const ids = { orderId: p.text(200, "order_id"), cartId: p.text(200, "cart_id") };
    const what = { coupon: p.text(200, "coupon_name", "coupon", "coupon_id"), reason: p.text(500, "reason") };
    return {
      type,
      data: some({
        ...what,
        ...ids,
        discountMinor,
        currency: discountMinor === undefined ? undefined : currency,
      }),
    };
  };

export const list: Mapping = (p) => {
  const pairs = (name: string) => p.objects(name).map(({ type, value }) => `${type}:${value}`.slice(0, 200));
  const filters = pairs("filters").slice(0, 100);
  const sorts = pairs("sorts").slice(0, 20);
  const named = { list: p.text(200, "list_id", "list"), category: p.text(200, "category"), skus: skusIn(p) };
  return {
    type: "list.viewed",
    data: some({
      ...named,
      filters: filters.length > 0 ? filters : undefined,
      sorts: sorts.length > 0 ? sorts : undefined,
    }),
  };
};

/** A promotion that carries our decision's id is our decision, shown or followed. */
export const promotion =
  (what: "viewed" | "clicked"): Mapping =>
  (p) => {
    const decisionId = p.text(200, "decision_id");
    const key = p.text(200, "decision_key", "key");
    const placement = p.text(200, "placement");
    if (decisionId !== undefined && what === "clicked") {
      return { type: "decision.outcome", data: some({ decisionId, outcome: "clicked", key }) };
    }
    if (decisionId !== undefined && key !== undefined && placement !== undefined) {
      const rank = p.number("rank", "position") ?? 1;
      return { type: "decision.exposed", data: some({ decisionId, placement, rank, key, sku: skuIn(p) }) };
    }
    return {
      type: `promotion.${what}`,
      data: some({
        promotionId: p.text(200, "promotion_id", "id", "name"),
        name: p.text(200, "name"),
        creative: p.text(200, "creative"),
        position: p.text(200, "position"),
      }),
    };
  };

export const order =
  (type: "order.placed" | "order.updated"): Mapping =>
  (p, about) => {
    const currency = currencyOf(p, about.currency);
    if (currency === undefined) return undefined;
    const taxMinor = p.minor(currency, "tax");
    const shippingMinor = p.minor(currency, "shipping");
    const said = p.minor(currency, "total", "revenue", "value");
    const goodsMinor = said === undefined ? undefined : said - (taxMinor ?? 0) - (shippingMinor ?? 0);
    const lines = paidLines(p, currency, goodsMinor);
    if (lines === undefined || lines.length === 0) return undefined;
    const totalMinor = said ?? lines.reduce((sum, line) => sum + line.amountMinor, 0);
    const code = p.text(200, "coupon");
    const extra = { taxMinor, shippingMinor, discountMinor: p.minor(currency, "discount") };
    const coupons = code === undefined ? undefined : [code];
    return {
      type,
      data: some({ orderId: p.text(200, "order_id", "id"), currency, totalMinor, ...extra, coupons, lines }),
    };
  };

export const refund: Mapping = (p, about) => {
  const currency = currencyOf(p, about.currency);
  if (currency === undefined) return undefined;
  const said = p.minor(currency, "total", "refund_amount", "amount", "value", "revenue");
  const lines = paidLines(p, currency, said);
  if (lines === undefined || (said === undefined && lines.length === 0)) return undefined;
  const totalMinor = Math.abs(said ?? lines.reduce((sum, line) => sum + line.amountMinor, 0));
  const ids = {
    returnId: p.text(200, "refund_id", "return_id") ?? about.id,
    orderId: p.text(200, "order_id"),
  };
  return {
    type: "order.returned",
    data: some({ ...ids, currency, totalMinor, lines, reason: p.text(500, "reason") }),
  };
};

export const simple =
  (
    type: string,
    fields: Readonly<Record<string, readonly [charsMax: number, ...names: string[]]>>,
  ): Mapping =>
  (p) => ({
    type,
    data: some(Object.fromEntries(Object.entries(fields).map(([to, from]) => [to, p.text(...unpack(from))]))),
  });

const unpack = ([charsMax, ...names]: readonly [number, ...string[]]): [number, ...string[]] => [
  charsMax,
  ...names,
];

export const review: Mapping = (p) => ({
  type: "item.reviewed",
  data: some({
    sku: skuIn(p),
    rating: p.number("rating"),
    ratingMax: p.number("rating_max"),
    reviewId: p.text(200, "review_id"),
    comment: p.text(5_000, "review_body"),
  }),
});

export const mail =
  (type: string): Mapping =>
  (p) => ({
    type,
    data: some({
      messageId: p.text(200, "email_id", "message_id"),
      channel: "email",
      campaign: p.text(200, "campaign_id"),
      url: p.text(2_000, "link_url"),
    }),
  });
