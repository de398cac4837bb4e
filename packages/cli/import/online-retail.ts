import type { Mapping } from "./mapping.ts";

/**
 * The UCI Online Retail log (a British wholesaler of gifts, 2010-12 to 2011-12) as CSV. Codes that stand for postage,
 * fees, discounts and corrections are kept as lines, and never offered.
 */
export const onlineRetail: Mapping = {
  name: "online-retail",
  currency: "GBP",
  timeZone: "Europe/London",
  language: "en",
  identity: "loyalty",
  channel: "web",
  returnPrefix: "C",
  columns: {
    order: "invoice",
    sku: "stock_code",
    quantity: "quantity",
    time: "time",
    price: "unit_price",
    customer: "customer_id",
    store: "country",
  },
  items: { sku: "stock_code", title: "description", count: "n" },
  notForSale: [
    "AMAZONFEE", "B", "BANK CHARGES", "C2", "CRUK", "D", "DOT", "M", "POST", "S", "m",
    "gift_0001_10", "gift_0001_20", "gift_0001_30", "gift_0001_40", "gift_0001_50",
  ],
}; // biome-ignore format: a list
