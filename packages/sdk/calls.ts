import type { Answer } from "./answer.ts";
import { type Connect, request } from "./request.ts";
import type { Body, EndpointName, Gives, Params, Query } from "./types.ts";

/** Where each call goes; a test holds this table against the contract. */
export const calls = {
  makeDecision: ["POST", "/v1/decisions"],
  explainDecision: ["GET", "/v1/decisions/{decisionId}/why"],
  listStock: ["GET", "/v1/stock"],
  explainStock: ["GET", "/v1/stock/{sku}/why"],
  findPlaces: ["GET", "/v1/stock/{sku}/places"],
  openCart: ["POST", "/v1/carts"],
  readCart: ["GET", "/v1/carts/{cartId}"],
  explainCart: ["GET", "/v1/carts/{cartId}/why"],
  changeCart: ["POST", "/v1/carts/{cartId}/changes"],
  signInCart: ["POST", "/v1/carts/{cartId}/sign-in"],
  openOwnCart: ["POST", "/v1/own-cart"],
  changeOwnCart: ["POST", "/v1/own-cart/changes"],
  placeOrder: ["POST", "/v1/carts/{cartId}/order"],
  readOrder: ["GET", "/v1/orders/{orderId}"],
  listOrders: ["GET", "/v1/orders"],
  explainOrder: ["GET", "/v1/orders/{orderId}/why"],
  shipOrder: ["POST", "/v1/orders/{orderId}/shipments"],
  cancelOrder: ["POST", "/v1/orders/{orderId}/cancellations"],
  returnOrder: ["POST", "/v1/orders/{orderId}/returns"],
} as const satisfies Partial<Record<EndpointName, readonly [method: string, path: string]>>;
export type CallName = keyof typeof calls;

/** An endpoint that takes no such part is declared with the widest type there is. */
type Takes<T, Name extends string, Needed> = unknown extends T
  ? unknown
  : string extends keyof T
    ? unknown
    : Needed extends true
      ? { readonly [N in Name]: T }
      : { readonly [N in Name]?: T };
type Given<N extends CallName> = Takes<Params<N>, "params", true> &
  Takes<Query<N>, "query", false> &
  Takes<Body<N>, "body", true> & { readonly idempotencyKey?: string };

export type Call<N extends CallName> = (given: Given<N>) => Promise<Answer<Gives<N>>>;

/** A call of the contract: its parts go into the address, its query behind it, its body as JSON. */
export function callOf<N extends CallName>(connect: Connect, name: N): Call<N> {
  const [method, path] = calls[name];
  return (given) => {
    const { params, query, body, idempotencyKey } = given as {
      params?: Record<string, string>;
      query?: Record<string, unknown>;
      body?: unknown;
      idempotencyKey?: string;
    };
    const filled = path.replaceAll(/\{(\w+)\}/g, (_, part: string) =>
      encodeURIComponent(params?.[part] ?? ""),
    );
    const asked = new URLSearchParams();
    for (const [key, value] of Object.entries(query ?? {})) {
      if (value !== undefined) asked.append(key, String(value));
    }
    const address = asked.size === 0 ? filled : `${filled}?${asked}`;
    return request(connect, {
      ...{ method, address },
      ...(body === undefined ? {} : { body }),
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    });
  };
}
