import { readFileSync } from "node:fs";
import { isObject, limits } from "@trato/base";
import {
  dropQuarantined,
  listQuarantine,
  type Quarantined,
  type QuarantineReason,
  quarantineReasons,
  repairQuarantined,
} from "@trato/contract";
import { Command } from "commander";
import type { Static } from "typebox";
import { exitCodes, Failure, usageFailure } from "../failure.ts";
import { oneOf, wholeNumber } from "../options.ts";
import type { Session } from "../session.ts";
import type { Shell } from "../shell.ts";
import { wrap } from "../table.ts";
import { verb } from "../verb.ts";

/** `trato quarantine`: what was put aside, and what becomes of it. */
export const quarantineVerb = (shell: Shell): Command =>
  new Command("quarantine")
    .description("look at what was put aside, repair it or drop it")
    .addCommand(listVerb(shell))
    .addCommand(showVerb(shell))
    .addCommand(repairVerb(shell))
    .addCommand(dropVerb(shell));

type Wanted = { reason?: QuarantineReason; all?: boolean; after?: string; limit: number };

function listVerb(shell: Shell): Command {
  const command = verb(shell, "list", "list what was put aside, oldest first", async (session) => {
    const { items, next } = await session.client.call(listQuarantine, { query: command.opts<Wanted>() });
    session.answerList(items, () => listText(items, next, session));
  });
  return command
    .addOption(oneOf("--reason <reason>", "only these", Object.keys(quarantineReasons)))
    .option("--all", "with those settled already")
    .option("--after <id>", "go on after this one")
    .option("--limit <n>", "how many at most", wholeNumber(1, limits.pageRowsMax), limits.pageRowsDefault);
}

function listText(items: readonly Quarantined[], next: string | null, { say, shell }: Session): string {
  if (items.length === 0) return `${say("nothing")}\n`;
  const rows = items.map((one) => {
    const heading = `${one.quarantineId}  ${one.settled === undefined ? one.reason : say(one.settled)}\n`;
    return heading + wrap(one.detail, "  ", shell.columns);
  });
  const more = next === null ? "" : `${say("more", { next })}\n`;
  return rows.join("") + more;
}

const showVerb = (shell: Shell): Command =>
  verb(shell, "show", "show one with the sender's own bytes", async (session, [quarantineId = ""]) => {
    const one = await find(session, quarantineId);
    session.answer(one, () => showText(one, session));
  }).argument("<id>", "as `trato quarantine list` prints it");

/** The API lists; a page holds a thousand, so a hub that is looked after answers at the first. */
async function find(session: Session, quarantineId: string): Promise<Quarantined> {
  let after: string | null | undefined;
  while (after !== null) {
    const query = { all: true, limit: limits.pageRowsMax, ...(after === undefined ? {} : { after }) };
    const page: Static<typeof listQuarantine.gives> = await session.client.call(listQuarantine, { query });
    const one = page.items.find((item) => item.quarantineId === quarantineId);
    if (one !== undefined) return one;
    after = page.next;
  }
  const detail = `Nothing with the id ${quarantineId} was put aside; \`trato quarantine list\` lists what was.`;
  throw new Failure(exitCodes.refused, detail, { code: "quarantine_unknown", detail });
}

function showText(one: Quarantined, { language, say }: Session): string {
  const fields = [
    ["id", one.quarantineId],
    [say("source"), one.source],
    [say("received"), one.receivedAt],
    [say("reason"), `${one.reason}: ${one.says[language]}`],
    [say("detail"), one.pointer === undefined ? one.detail : `${one.pointer}: ${one.detail}`],
    [say("event"), one.eventId ?? "–"],
    [say("state"), say(one.settled ?? "open")],
  ];
  const rows = fields.map(
    ([name = "", value = ""]) => `${name.padEnd(10)} ${value.replaceAll(/\p{Cc}+/gu, " ")}\n`,
  );
  return `${rows.join("")}\n${one.bytes}\n`;
}

function repairVerb(shell: Shell): Command {
  const command = verb(shell, "repair", "send one again, repaired", async (session, [quarantineId = ""]) => {
    const { event, file } = command.opts<{ event?: string; file?: string }>();
    const body = { event: readEvent(event ?? readText(file)) };
    const done = await session.client.call(repairQuarantined, { params: { quarantineId }, body });
    session.answer(done, () => `${session.say("repairedAs", { id: quarantineId, fate: done.fate })}\n`);
  });
  return command
    .argument("<id>", "as `trato quarantine list` prints it")
    .option("--event <json>", "the whole event as it should have been")
    .option("--file <path>", "the same, in a file; - reads standard input");
}

function readText(path: string | undefined): string {
  if (path === undefined) throw usageFailure("Give the repaired event with --event or --file.");
  try {
    return readFileSync(path === "-" ? 0 : path, "utf8");
  } catch (cause) {
    throw usageFailure(`${path} cannot be read (${(cause as NodeJS.ErrnoException).code}).`);
  }
}

type WireEvent = Static<typeof repairQuarantined.body & object>["event"];

function readEvent(text: string): WireEvent {
  try {
    const event: unknown = JSON.parse(text);
    if (isObject(event)) return event as WireEvent;
  } catch {
    // Falls through: no JSON and no object are told the same way.
  }
  throw usageFailure('The event is no JSON object; give one such as {"id":"a-1","type":"item.viewed",…}.');
}

const dropVerb = (shell: Shell): Command =>
  verb(shell, "drop", "settle one as not worth keeping", async (session, [quarantineId = ""]) => {
    const done = await session.client.call(dropQuarantined, { params: { quarantineId } });
    session.answer(done, () => `${session.say("droppedOne", { id: quarantineId })}\n`);
  }).argument("<id>", "as `trato quarantine list` prints it");
