import { limits } from "@trato/base";
import { type DecisionAnswer, type IdentityKind, identityKinds, makeDecision } from "@trato/contract";
import { type Command, InvalidArgumentError } from "commander";
import { usageFailure } from "../failure.ts";
import { figuresIn } from "../figures.ts";
import { wholeNumber } from "../options.ts";
import type { Session } from "../session.ts";
import type { Shell } from "../shell.ts";
import { table, wrap } from "../table.ts";
import { verb } from "../verb.ts";

type Options = Partial<Record<string, string>> & { limit?: number; cart?: CartLine[] };
type CartLine = { sku: string; quantity: number };

const kinds = Object.keys(identityKinds) as IdentityKind[];
const flagOf = (kind: IdentityKind): string => kind.replace("_", "-");
const nameOf = (kind: IdentityKind): string => (kind === "national_id" ? "nationalId" : kind);

/** `trato decide`: what would be shown to a person, or to nobody in particular, at a placement. */
export function decideVerb(shell: Shell): Command {
  const command = verb(shell, "decide", "decide what to show somebody at a placement", async (session) => {
    const options = command.opts<Options>();
    const answer = await session.client.call(makeDecision, { body: bodyOf(options) });
    session.answer(answer, () => textOf(answer, session));
  })
    .option("--placement <name>", "where it is shown", "web.home")
    .option("--person <id>", "the person, by id");
  for (const kind of kinds) command.option(`--${flagOf(kind)} <value>`, `the person, by ${flagOf(kind)}`);
  return command
    .option("--sku <sku>", "the item on the page")
    .option("--cart <sku[:quantity]...>", "what is in the cart", readCart)
    .option("--channel <name>", "the channel that asks")
    .option("--store <name>", "the store that asks")
    .option("--country <code>", "the country the request comes from, such as EC")
    .option("--limit <n>", "how many at most", wholeNumber(1, limits.decisionSlotsMax))
    .addHelpText("after", "\nExample: trato decide --email ana@example.com --sku CAF-500 --limit 3");
}

function readCart(text: string, before: CartLine[] = []): CartLine[] {
  const [, sku = "", count = "1"] = /^(.+?)(?::(\d+(?:\.\d+)?))?$/.exec(text) ?? [];
  if (sku === "" || !(Number(count) > 0)) throw new InvalidArgumentError("Give sku or sku:quantity.");
  return [...before, { sku, quantity: Number(count) }];
}

function bodyOf(options: Options) {
  const identities = Object.fromEntries(
    kinds.flatMap((kind) => (options[nameOf(kind)] === undefined ? [] : [[kind, options[nameOf(kind)]!]])),
  );
  const hasIdentities = Object.keys(identities).length > 0;
  if (options["person"] !== undefined && hasIdentities) {
    throw usageFailure("Name the person by --person or by what points to them, not both.");
  }
  const { sku, cart, channel, store, country } = options;
  const context = defined({ sku, cart, channel, store, country });
  return {
    placement: options["placement"]!,
    ...defined({ personId: options["person"], limit: options.limit }),
    ...(hasIdentities ? { identities } : {}),
    ...(Object.keys(context).length === 0 ? {} : { context }),
  };
}

type Defined<Fields> = { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };

/** The fields that have a value; an option that was not given must not be sent. */
function defined<Fields extends object>(fields: Fields): Defined<Fields> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Defined<Fields>;
}

function textOf(answer: DecisionAnswer, { language, say, shell }: Session): string {
  const { money } = figuresIn(language);
  const rows = answer.items.map((item) => [
    String(item.rank),
    item.title[language],
    item.priceMinor === undefined ? "" : money(item.priceMinor, item.currency ?? ""),
    item.reason[language],
  ]);
  const head = [
    { heading: say("rank"), align: "right" },
    { heading: say("what"), wide: true },
    { heading: say("price"), align: "right" },
    { heading: say("reason"), wide: true },
  ] as const;
  const items = rows.length === 0 ? `${say("noItems")}\n` : table(head, rows, shell.columns);
  return [
    items,
    "\n",
    wrap(answer.disclosure[language], "", shell.columns),
    `${say("refused", { count: String(answer.refusedCount) })}\n`,
    `${say("askWhy", { id: answer.decisionId })}\n`,
  ].join("");
}
