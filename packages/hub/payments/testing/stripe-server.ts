import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Clock, systemClock } from "@trato/base";

/** What goes wrong with the next request. `lost` acts and gives no answer; `slow` acts and answers when it is told to. */
export type Fault = "lost" | "500" | "429" | "409" | "slow" | "garbage";

type Intent = {
  id: string;
  object: "payment_intent";
  amount: number;
  amount_received: number;
  currency: string;
  status: string;
  client_secret: string;
  metadata: { [name: string]: string };
  last_payment_error?: object;
  latest_charge: object;
  refunded: number;
};
type Kept = { readonly status: number; readonly body: unknown; readonly asked: string };
export type Seen = { readonly path: string; readonly key: string; readonly form: URLSearchParams };

const cardOf = (last4: string) => ({ payment_method_details: { card: { brand: "visa", last4 } } });

/** What the provider keeps, and what it does with a request. */
function ledger() {
  const intents = new Map<string, Intent>();
  let made = 0;

  function act(path: string, form: URLSearchParams): { status: number; body: unknown } {
    const [, , , id = "", deed = ""] = path.split("/");
    if (path === "/v1/payment_intents") return open(form);
    if (path === "/v1/refunds") return refund(form);
    const intent = intents.get(id);
    if (intent === undefined) return wrong("resource_missing");
    if (deed === "capture") {
      if (intent.status !== "requires_capture") return wrong("payment_intent_unexpected_state", intent);
      const amount = Number(form.get("amount_to_capture"));
      if (amount > intent.amount) return wrong("amount_too_large", intent);
      intent.amount_received = amount;
      intent.status = "succeeded";
      return { status: 200, body: { ...intent } };
    }
    if (intent.status === "succeeded" || intent.status === "canceled")
      return wrong("payment_intent_unexpected_state", intent);
    intent.status = "canceled";
    return { status: 200, body: { ...intent } };
  }

  function open(form: URLSearchParams) {
    made += 1;
    const id = `pi_${made}`;
    const metadata = {
      payment_id: form.get("metadata[payment_id]") ?? "",
      operation_id: form.get("metadata[operation_id]") ?? "",
    };
    const intent: Intent = {
      ...{ id, object: "payment_intent", amount: Number(form.get("amount")), amount_received: 0, metadata },
      ...{ currency: form.get("currency") ?? "", client_secret: `${id}_secret_x`, refunded: 0 },
      ...{ status: "requires_capture", latest_charge: cardOf("4242") },
    };
    intents.set(id, intent);
    const token = form.get("payment_method");
    if (token === "pm_card_action") intent.status = "requires_action";
    if (token !== "pm_card_declined") return { status: 200, body: { ...intent } };
    intent.status = "requires_payment_method";
    const error = { type: "card_error", code: "card_declined", decline_code: "insufficient_funds" };
    return { status: 402, body: { error: { ...error, payment_intent: { ...intent } } } };
  }

  function refund(form: URLSearchParams) {
    const intent = intents.get(form.get("payment_intent") ?? "");
    const amount = Number(form.get("amount"));
    if (intent === undefined) return wrong("resource_missing");
    if (intent.refunded + amount > intent.amount_received) return wrong("charge_already_refunded");
    intent.refunded += amount;
    made += 1;
    const metadata = { operation_id: form.get("metadata[operation_id]") };
    return {
      status: 200,
      body: { id: `re_${made}`, object: "refund", status: "succeeded", amount, metadata },
    };
  }

  const wrong = (code: string, intent?: Intent) => ({
    status: 400,
    body: {
      error: { type: "invalid_request_error", code, ...(intent ? { payment_intent: { ...intent } } : {}) },
    },
  });

  const look = (path: string) => intents.get(path.split("/")[3]?.split("?")[0] ?? "") ?? {};

  return { intents, act, look };
}

const answer = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
};

/**
 * A server that speaks as much of Stripe's API as the hub does: PaymentIntents with manual capture, refunds, idempotency
 * keys that answer the same, card errors with 402. Tokens: pm_card_visa, pm_card_declined, pm_card_action.
 */
export async function stripeServer(options: { readonly secret: string; readonly clock?: Clock }) {
  const { secret, clock = systemClock } = options;
  const { intents, act, look } = ledger();
  const kept = new Map<string, Kept>();
  const seen: Seen[] = [];
  const faults: Fault[] = [];
  const slow: (() => void)[] = [];
  let before: ((intent: Intent) => Promise<void>) | undefined;

  const server = createServer((request, response) => {
    void serve(request, response).catch(() => response.destroy());
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const asked = Buffer.concat(chunks).toString("utf8");
    const path = request.url ?? "";
    const key = request.headers["idempotency-key"]?.toString() ?? "";
    const form = new URLSearchParams(asked);
    seen.push({ path, key, form });
    const fault = faults.shift();
    if (fault === "500") return answer(response, 500, { error: { type: "api_error" } });
    if (fault === "429") return answer(response, 429, { error: { type: "rate_limit_error" } });
    if (fault === "409") return answer(response, 409, { error: { code: "idempotency_key_in_use" } });
    if (fault === "garbage") return void response.writeHead(200).end("<html>");
    if (request.method === "GET") return answer(response, 200, look(path));
    const there = kept.get(key);
    const { status, body } = there ?? act(path, form);
    if (there !== undefined && there.asked !== asked) {
      return answer(response, 400, { error: { type: "idempotency_error" } });
    }
    kept.set(key, { status, body, asked });
    const intent = intents.get((body as { id?: string }).id ?? "");
    if (before !== undefined && intent !== undefined) await before(intent);
    if (fault === "lost") return void request.socket.destroy();
    if (fault === "slow") await new Promise<void>((resolve) => slow.push(resolve));
    answer(response, status, body);
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    config: { key: "sk_test_x", webhookSecret: secret, url: `http://127.0.0.1:${port}` },
    ...{ intents, seen, faults },
    /** Lets the requests go on that were slow. */
    goOn: () => {
      for (const resolve of slow.splice(0)) resolve();
    },
    slowOnes: () => slow.length,
    /** Runs before an answer about an intent leaves: how a webhook overtakes it. */
    beforeAnswer: (hook: ((intent: Intent) => Promise<void>) | undefined) => {
      before = hook;
    },
    /** An event as Stripe sends it: the body, and the header that signs it. */
    event: (type: string, object: object, id = `evt_${type}_${intents.size}`) => {
      const body = JSON.stringify({ id, object: "event", type, data: { object } });
      const t = Math.floor(clock.nowMs() / 1_000);
      const v1 = createHmac("sha256", secret).update(`${t}.${body}`).digest("hex");
      return { body, signature: `t=${t},v1=${v1}` };
    },
    stop: async () => {
      for (const resolve of slow.splice(0)) resolve();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
