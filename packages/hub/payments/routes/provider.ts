import { ok, refuse, stripeWebhook, verifyPayments } from "@trato/contract";
import { type Route, rawRoute, route } from "../../platform/index.ts";
import type { Payments } from "../payments.ts";

/** Where a provider tells by itself, and where the books are checked. */
export const providerRoutes = (payments: Payments): Route[] => [
  rawRoute(stripeWebhook, async ({ bytes, request, nowMs }) => {
    const provider = payments.provider("stripe");
    if (provider === undefined) return refuse("provider_unknown");
    const signature = request.headers["stripe-signature"]?.toString() ?? "";
    const read = provider.readNotice({ bytes, signature, nowMs });
    if (!read.ok) return read;
    if (read.value !== null) await payments.hear("stripe", read.value);
    return { status: 200, body: { received: true } };
  }),
  route(verifyPayments, async ({ nowMs }) => {
    const { wrong, ...books } = await payments.checkBooks();
    return ok({ ...books, wrong: [...wrong], at: new Date(nowMs).toISOString() });
  }),
];
