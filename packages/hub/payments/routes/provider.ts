import { refuse, stripeWebhook } from "@trato/contract";
import { type Route, rawRoute } from "../../platform/index.ts";
import type { Payments } from "../payments.ts";

/** Where providers tell by themselves. */
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
];
