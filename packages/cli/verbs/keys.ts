import {
  allScopes,
  createKeyEndpoint,
  listKeysEndpoint,
  revokeKeyEndpoint,
  type Scope,
} from "@trato/contract";
import { Command } from "commander";
import { usageFailure } from "../failure.ts";
import { oneOf } from "../options.ts";
import type { Shell } from "../shell.ts";
import { table } from "../table.ts";
import { verb } from "../verb.ts";

/** `trato keys`: who may call, and with what. */
export const keysVerb = (shell: Shell): Command =>
  new Command("keys")
    .description("make, list and end the keys that systems call with")
    .addCommand(createVerb(shell))
    .addCommand(listVerb(shell))
    .addCommand(revokeVerb(shell));

type Wanted = {
  source: string;
  label?: string;
  kind: "public" | "secret";
  scope?: Scope[];
  expires?: string;
};

function createVerb(shell: Shell): Command {
  const command = verb(
    shell,
    "create",
    "make a key; its secret is printed once and kept nowhere",
    async (session) => {
      const { source, label, kind, scope, expires } = command.opts<Wanted>();
      if (kind === "public" && scope !== undefined) {
        throw usageFailure(
          "A public key can only append events and follow a cart; leave out --scope, or give --kind secret.",
        );
      }
      const made = await session.client.call(createKeyEndpoint, {
        body: {
          source,
          kind,
          label: label ?? source,
          ...(scope === undefined ? {} : { scopes: scope }),
          ...(expires === undefined ? {} : { expiresAt: expires }),
        },
      });
      session.answer(made, () => `${session.say("keyMade", { id: made.keyId })}\n${made.secret}\n`);
    },
  );
  return command
    .requiredOption("--source <name>", "the system that will send with it: lower case, such as web or till-7")
    .addOption(
      oneOf("--kind <kind>", "a public key may stand in a web page", ["public", "secret"]).default("secret"),
    )
    .addOption(oneOf("--scope <scope...>", "what a secret key may do (default: everything)", allScopes))
    .option("--label <text>", "what people call it (default: its source)")
    .option("--expires <time>", "when it ends by itself: 2027-01-01T00:00:00Z")
    .addHelpText(
      "after",
      "\nExample: trato keys create --source till-7 --scope events:append decisions:make",
    );
}

const listVerb = (shell: Shell): Command =>
  verb(shell, "list", "list the keys, without their secrets", async (session) => {
    const { items } = await session.client.call(listKeysEndpoint);
    const head = [
      { heading: session.say("key") },
      { heading: session.say("source") },
      { heading: session.say("kind") },
      { heading: session.say("state") },
      { heading: session.say("label"), wide: true },
    ];
    const nowMs = shell.clock.nowMs();
    const rows = items.map((one) => [
      one.keyId,
      one.source,
      one.kind,
      session.say(stateOf(one, nowMs)),
      one.label,
    ]);
    session.answerList(items, () => table(head, rows, shell.columns));
  });

function stateOf(
  { expiresAt, revokedAt }: { expiresAt: string | null; revokedAt: string | null },
  nowMs: number,
) {
  if (revokedAt !== null) return "keyRevoked";
  return expiresAt !== null && Date.parse(expiresAt) <= nowMs ? "keyExpired" : "keyActive";
}

const revokeVerb = (shell: Shell): Command =>
  verb(
    shell,
    "revoke",
    "end a key; every hub refuses it within two seconds",
    async (session, [keyId = ""]) => {
      const done = await session.client.call(revokeKeyEndpoint, { params: { keyId } });
      session.answer(done, () => `${session.say("keyEnded", { id: keyId })}\n`);
    },
  ).argument("<keyId>", "as `trato keys list` prints it");
