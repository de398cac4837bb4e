import { limits, type PersonId } from "@trato/base";
import {
  cancelOrder,
  explainOrder,
  listOrders,
  ok,
  placeOrder,
  readOrder,
  refuse,
  returnOrder,
  shipOrder,
} from "@trato/contract";
import { command, type Route, route, sharedCommand } from "../../platform/index.ts";
import { cancel, doing, ship, takeReturn } from "./acts.ts";
import type { OrderNeeds } from "./needs.ts";
import type { Orders } from "./orders.ts";

export type OrderRouteNeeds = { readonly orders: Orders; readonly needs: OrderNeeds };

export function orderRoutes(at: OrderRouteNeeds): Route[] {
  return [placeRoute(at), listRoute(at), ...readRoutes(at), ...actRoutes(at)];
}

const placeRoute = ({ orders }: OrderRouteNeeds): Route =>
  sharedCommand(placeOrder, ({ params, body, once }) => {
    const { tenders, orderId, ifVersion, handOver } = body;
    const { cartId } = params;
    return orders.place({
      command: { cartId, orderId, ifVersion, tenders, handOver: handOver ?? false },
      once,
    });
  });

const readRoutes = ({ orders }: OrderRouteNeeds): Route[] => [
  route(readOrder, ({ params }) => orders.read(params.orderId)),
  route(explainOrder, ({ params }) => orders.why(params.orderId)),
];

function actRoutes({ needs }: OrderRouteNeeds): Route[] {
  const wake = () => needs.payments.wake();
  return [
    command(shipOrder, ({ tx, params, body, nowMs }) =>
      doing(needs, { tx, nowMs, orderId: params.orderId }, (one) => ship(one, body)),
    ),
    command(
      cancelOrder,
      ({ tx, params, body, nowMs }) =>
        doing(needs, { tx, nowMs, orderId: params.orderId }, (one) => cancel(one, body)),
      wake,
    ),
    command(
      returnOrder,
      ({ tx, params, body, nowMs }) => {
        const { restock = true, tenders = [], ...asked } = body;
        const at = { tx, nowMs, orderId: params.orderId };
        return doing(needs, at, (one) => takeReturn(one, { ...asked, restock, tenders }));
      },
      wake,
    ),
  ];
}

const afterAll = "999999999999999~~";

/** Latest first; a page ends with the time and id that the next one begins before. */
const listRoute = ({ orders, needs }: OrderRouteNeeds): Route =>
  route(listOrders, async ({ query }) => {
    const before = /^(\d{1,15})~(.{1,200})$/s.exec(query.after ?? afterAll);
    if (before === null) {
      const errors = [
        {
          pointer: "/query/after",
          detail: { en: "use the `next` of the page before", es: "use el `next` de la página anterior" },
        },
      ];
      return refuse("request_invalid", { errors });
    }
    const who =
      query.personId === undefined ? null : await needs.find({ personId: query.personId as PersonId });
    if (who?.ok === false) return who;
    const limit = query.limit ?? limits.pageRowsDefault;
    const found = await orders.list({
      members: who?.value.members ?? null,
      placeId: query.placeId ?? null,
      state: query.state ?? null,
      beforeMs: Number(before[1]),
      beforeId: before[2]!,
      limit: limit + 1,
    });
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const next = last === undefined ? "" : `${Date.parse(last.placedAt)}~${last.orderId}`;
    return ok({ orders: page, ...(found.length > limit ? { next } : {}) });
  });
