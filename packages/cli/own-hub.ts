import type { Hub } from "@trato/hub";
import { exitCodes, Failure, interrupted, usageFailure } from "./failure.ts";
import type { Shell } from "./shell.ts";

/**
 * Starts a hub in this process, by the settings of the environment. The hub's code is loaded only here: the other
 * verbs answer without it. Asked to stop meanwhile, it first finishes what it began, so that nothing is left running.
 */
export async function openHub(shell: Shell, options: { port?: number; quiet: boolean }): Promise<Hub> {
  const stopping = new AbortController();
  const forget = shell.onStop(() => stopping.abort());
  const hub = await startBy(shell, options).finally(forget);
  if (!stopping.signal.aborted) return hub;
  await hub.stop();
  throw interrupted("Stopped.");
}

async function startBy(shell: Shell, options: { port?: number; quiet: boolean }): Promise<Hub> {
  const { ConfigError, readConfig, startHub } = await import("@trato/hub");
  try {
    const config = readConfig(shell.env);
    const port = options.port ?? config.port;
    return await startHub({ config: { ...config, port }, clock: shell.clock, quiet: options.quiet });
  } catch (cause) {
    if (cause instanceof ConfigError) throw usageFailure(cause.message);
    throw whyNoHub(cause);
  }
}

function whyNoHub(cause: unknown): unknown {
  if (!(cause instanceof Error)) return cause;
  const { code, port } = cause as NodeJS.ErrnoException & { port?: number };
  const detail =
    code === "EADDRINUSE"
      ? `Port ${port} is taken, perhaps by another hub: stop it, or give another with --port or TRATO_PORT.`
      : `The hub could not start: ${cause.message}`;
  return new Failure(exitCodes.refused, detail, { code: "hub_not_started", detail });
}
