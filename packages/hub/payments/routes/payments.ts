import {
  authorisePayment,
  capturePayment,
  explainPayment,
  ok,
  openPayment,
  readPayment,
  refundPayment,
  refuse,
  voidPayment,
} from "@trato/contract";
import { command, type Route, route, sharedCommand } from "../../platform/index.ts";
import { beginAuthorise, beginCapture, beginRefund, beginVoid } from "../acts.ts";
import { paymentAnswer } from "../payment.ts";
import type { Payments } from "../payments.ts";

/** Payments one by one: open, read, and what is done with them. */
export const paymentRoutes = (payments: Payments): Route[] => [
  command(openPayment, ({ body, tx, nowMs }) => payments.open(tx, body, nowMs)),
  route(readPayment, async ({ params }) => {
    const payment = await payments.find(params.paymentId);
    return payment === undefined ? refuse("payment_unknown") : ok(paymentAnswer(payment));
  }),
  route(explainPayment, async ({ params }) => {
    const told = await payments.explain(params.paymentId);
    return told === undefined ? refuse("payment_unknown") : ok(told);
  }),
  sharedCommand(authorisePayment, ({ params: { paymentId }, body, once }) =>
    payments.act({ paymentId, once }, (shared, act) => beginAuthorise(shared, act, body.token)),
  ),
  sharedCommand(capturePayment, ({ params: { paymentId }, body, once }) =>
    payments.act({ paymentId, once }, (shared, act) => beginCapture(shared, act, body.amountMinor)),
  ),
  sharedCommand(voidPayment, ({ params: { paymentId }, once }) =>
    payments.act({ paymentId, once }, beginVoid),
  ),
  sharedCommand(refundPayment, ({ params: { paymentId }, body, once }) =>
    payments.act({ paymentId, once }, (shared, act) => beginRefund(shared, act, body)),
  ),
];
