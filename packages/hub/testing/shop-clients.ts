import RudderAnalytics from "@rudderstack/rudder-sdk-node";
import { Analytics } from "@segment/analytics-node";
import type { HubAt } from "./ask.ts";

/** One call of a shop's backend; both libraries take the same words. */
export type Call = { readonly kind: "identify" | "track" | "page" | "group" | "alias" } & Record<
  string,
  unknown
>;

export type ShopClient = {
  readonly name: "segment" | "rudder" | "rudder-plain";
  /** Hands over a call; resolves once the hub has acknowledged it, rejects when the library gave up. */
  call(call: Call): Promise<void>;
  stop(): Promise<void>;
};

/** The library of Segment for Node, as it is sold. */
export function segmentClient(at: HubAt): ShopClient {
  const analytics = new Analytics({
    writeKey: at.key,
    host: at.url,
    flushAt: 20,
    flushInterval: 100,
    maxRetries: 20,
  });
  analytics.on("error", () => undefined);
  return {
    name: "segment",
    call: ({ kind, ...message }) =>
      new Promise((resolve, reject) => {
        const done = (
          failed: unknown,
          context?: { failedDelivery?: () => { reason: unknown } | undefined },
        ) => {
          const reason = failed ?? context?.failedDelivery?.()?.reason;
          if (reason === undefined) resolve();
          else reject(reason);
        };
        (analytics[kind] as (message: unknown, done: unknown) => void)(message, done);
      }),
    stop: () => analytics.closeAndFlush(),
  };
}

/** The library of RudderStack for Node: by default it compresses and calls that a form. */
export function rudderClient(at: HubAt, gzip = true): ShopClient {
  const analytics = new RudderAnalytics(at.key, {
    dataPlaneUrl: at.url,
    flushAt: 20,
    flushInterval: 100,
    gzip,
    logLevel: "none",
    retryCount: 100,
    axiosRetryConfig: { retryDelay: () => 200 },
    // Without it the library ends its process when it gives up.
    errorHandler: () => undefined,
  });
  return {
    name: gzip ? "rudder" : "rudder-plain",
    call: ({ kind, ...message }) =>
      new Promise((resolve, reject) => {
        const done = (failed?: Error) =>
          failed === undefined || failed === null ? resolve() : reject(failed);
        (analytics[kind] as (message: unknown, done: unknown) => void)(message, done);
      }),
    stop: async () => {
      await analytics.flush();
    },
  };
}
