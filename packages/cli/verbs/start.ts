import { join } from "node:path";
import type { Command } from "commander";
import { wholeNumber } from "../options.ts";
import { openHub } from "../own-hub.ts";
import type { Shell } from "../shell.ts";
import { verb } from "../verb.ts";

/** `trato start`: runs a hub in this process until Ctrl-C. */
export function startVerb(shell: Shell): Command {
  const command = verb(shell, "start", "start a hub: the API, its jobs and its database", async (session) => {
    const hub = await openHub(shell, { ...command.opts<{ port?: number }>(), quiet: false });
    const keyFile = join(session.home, "key");
    const reference = `${hub.url}/reference`;
    session.answer({ url: hub.url, keyFile, reference }, () =>
      [
        session.say("hubRuns", { url: hub.url }),
        `  ${session.say("keyFile").padEnd(11)} ${keyFile}`,
        `  ${session.say("apiReference").padEnd(11)} ${reference}`,
        `  ${session.say("stopWith")}`,
        "",
      ].join("\n"),
    );
    await stopped(shell);
    session.note(session.say("stopping"));
    await hub.stop();
  });
  return command
    .option(
      "--port <n>",
      "where to listen; 0 takes any free port (TRATO_PORT, else 4100)",
      wholeNumber(0, 65_535),
    )
    .addHelpText("after", settings);
}

const stopped = (shell: Shell): Promise<void> => new Promise((resolve) => void shell.onStop(resolve));

const settings = `
Settings, from the environment:
  TRATO_HOME         where the database and the local key live (.trato)
  DATABASE_URL       your own PostgreSQL, 15 or later; without it one is started
  TRATO_HOST         the address to listen on (127.0.0.1)
  TRATO_PORT         the port to listen on (4100)
  TRATO_COUNTRY      the country of phone numbers and national ids (EC)
  TRATO_LOG          how much is logged: debug, info, warn or error (info)
  TRATO_TRUST_PROXY  addresses of proxies in front, comma separated
  TRATO_STRIPE_KEY, TRATO_STRIPE_WEBHOOK_SECRET
                     payments by Stripe: secret key and webhook secret
  TRATO_WEBHOOKS_LOOPBACK
                     1 lets webhooks go to this machine, for trying things out`;
