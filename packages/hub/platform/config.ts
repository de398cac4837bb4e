import { resolve } from "node:path";

/** Every setting of the hub, each with its default. The only file that reads the environment. */
export type Config = {
  /** Where the embedded database and the local key live. */
  readonly home: string;
  /** The retailer's own PostgreSQL (15 or later); without it the embedded one is started. */
  readonly databaseUrl: string | undefined;
  readonly host: string;
  readonly port: number;
  readonly logLevel: string;
  /** ISO 3166 country that a phone number without prefix belongs to. */
  readonly country: string;
  /** Trusted addresses of proxies in front, comma separated; without it X-Forwarded-* is ignored. */
  readonly trustProxy: string | undefined;
  /** Payments by Stripe: its secret key and the secret of the webhook; without them there is no such provider. */
  readonly stripe?:
    | { readonly key: string; readonly webhookSecret: string; readonly url: string }
    | undefined;
  /** Webhooks may be sent to this machine, over http as well: for trying things out, never in production. */
  readonly webhooksLoopback: boolean;
};

export class ConfigError extends Error {}

export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  const port = Number(env["TRATO_PORT"] ?? "4100");
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new ConfigError(
      `TRATO_PORT is "${env["TRATO_PORT"]}"; give a port from 0 (any free one) to 65535.`,
    );
  }
  const databaseUrl = env["DATABASE_URL"] || undefined;
  if (databaseUrl !== undefined && !/^postgres(ql)?:\/\//.test(databaseUrl)) {
    throw new ConfigError("DATABASE_URL does not begin with postgres:// or postgresql://.");
  }
  const country = (env["TRATO_COUNTRY"] ?? "EC").toUpperCase();
  if (!/^[A-Z]{2}$/.test(country))
    throw new ConfigError(`TRATO_COUNTRY is "${country}"; give two letters, such as EC.`);
  return {
    home: resolve(env["TRATO_HOME"] || ".trato"),
    databaseUrl,
    host: env["TRATO_HOST"] || "127.0.0.1",
    port,
    logLevel: env["TRATO_LOG"] || "info",
    country,
    trustProxy: env["TRATO_TRUST_PROXY"] || undefined,
    stripe: readStripe(env),
    webhooksLoopback: env["TRATO_WEBHOOKS_LOOPBACK"] === "1",
  };
}

function readStripe(env: Readonly<Record<string, string | undefined>>): Config["stripe"] {
  const key = env["TRATO_STRIPE_KEY"] || undefined;
  const webhookSecret = env["TRATO_STRIPE_WEBHOOK_SECRET"] || undefined;
  if (key === undefined && webhookSecret === undefined) return undefined;
  if (key === undefined || webhookSecret === undefined) {
    throw new ConfigError("Give both TRATO_STRIPE_KEY and TRATO_STRIPE_WEBHOOK_SECRET, or neither.");
  }
  const url = (env["TRATO_STRIPE_URL"] || "https://api.stripe.com").replace(/\/$/, "");
  if (!/^https:\/\/|^http:\/\/(127\.0\.0\.1|localhost)(:|$)/.test(url)) {
    throw new ConfigError("TRATO_STRIPE_URL must be https, or on this machine: the key is sent there.");
  }
  return { key, webhookSecret, url };
}
