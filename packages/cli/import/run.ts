import { basename } from "node:path";
import type { Client } from "../client.ts";
import { interrupted } from "../failure.ts";
import { type Aside, asideOf, createBatchMaker } from "./batch.ts";
import {
  type Catalogue,
  type ItemsTold,
  readKnown,
  readTitles,
  seeItem,
  tellItems,
  toItem,
} from "./catalogue.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { consentsOf, seeCustomer } from "./consent.ts";
import { createGrouper, type Group } from "./group.ts";
import { type ReadLine, readerOfLines } from "./line.ts";
import { createLinks } from "./links.ts";
import type { Mapping } from "./mapping.ts";
import { createMemory } from "./memory.ts";
import { openRecords, type RecordFile } from "./read-records.ts";
import { type Acknowledged, createSender, nothingYet, type Sender, sumInto, type Tally } from "./sender.ts";
import { type TellNeeds, tell } from "./to-events.ts";
import { countRead, countTold, startTotals, type Totals } from "./totals.ts";

export type ImportOptions = {
  readonly path: string;
  readonly mapping: Mapping;
  readonly itemsPath: string | undefined;
  readonly consents: readonly string[];
  readonly batch: number;
  readonly user: string;
  /** The time the consents are said at: RFC 3339. */
  readonly saidAt: string;
};

export type ImportTools = {
  readonly checkpoint: Checkpoint;
  readonly remembered: number;
  readonly onProgress: (done: { readonly share: number; readonly lines: number }) => void;
  /** Becomes aborted when the user asks to stop. */
  readonly stop: AbortSignal;
};

export type Imported = {
  readonly totals: Totals;
  readonly orders: number;
  readonly linked: number;
  readonly unlinked: number;
  /** Groups that an earlier run had told, and this one only read. */
  readonly resumedAt: number;
  readonly acknowledged: Acknowledged;
  readonly consents: readonly { readonly purpose: string; readonly people: number; readonly tally: Tally }[];
  readonly customers: number;
  readonly items: ItemsTold;
};

/** A file that was opened: its header was read, and fits the mapping. */
export type Opened = {
  readonly file: RecordFile;
  readonly readLine: ReadLine;
  readonly titles: ReadonlyMap<string, string>;
};

export async function openImport({ path, mapping, itemsPath }: ImportOptions): Promise<Opened> {
  const file = openRecords(path, mapping.delimiter);
  const readLine = readerOfLines(mapping, await file.header());
  const titles = itemsPath === undefined ? new Map<string, string>() : await readTitles(itemsPath, mapping);
  return { file, readLine, titles };
}

/**
 * Reads the file once and tells the hub all of it: orders and returns, what could not be read, consents, items. An
 * import that was cut off goes on where the hub had acknowledged it; told twice, everything is a repeat.
 */
export async function runImport(
  client: Client,
  opened: Opened,
  options: ImportOptions,
  tools: ImportTools,
): Promise<Imported> {
  const { checkpoint } = tools;
  const reached = checkpoint.read() ?? { groups: 0, acknowledged: nothingYet() };
  const { acknowledged } = reached;
  const sender = createSender(client, (batch, answer) => {
    sumInto(acknowledged, answer);
    checkpoint.write({ groups: batch.groups, acknowledged });
  });
  const read = await tellFile(sender, reached.groups, opened, options, tools);
  const consents = await tellConsents(client, read, options);
  const known = await readKnown(client, read.catalogue);
  const items = [...read.catalogue].map(([sku, seen]) =>
    toItem(sku, seen, options.mapping, { titles: opened.titles, known }),
  );
  const itemsTold = await tellItems(client, items);
  checkpoint.remove();
  const { totals, orders, linked, unlinked, customers } = read;
  return {
    totals,
    orders,
    linked,
    unlinked,
    resumedAt: reached.groups,
    acknowledged,
    consents,
    customers: customers.size,
    items: itemsTold,
  };
}

type FileRead = {
  readonly totals: Totals;
  readonly customers: Set<string>;
  readonly catalogue: Catalogue;
  orders: number;
  linked: number;
  unlinked: number;
};

async function tellFile(
  sender: Sender,
  groupsDone: number,
  { file, readLine }: Opened,
  { mapping, batch }: ImportOptions,
  { onProgress, stop, remembered }: ImportTools,
): Promise<FileRead> {
  const read = {
    totals: startTotals(),
    customers: new Set<string>(),
    catalogue: new Map(),
    orders: 0,
    linked: 0,
    unlinked: 0,
  };
  const needs: TellNeeds = { mapping, links: createLinks(remembered), stretches: createMemory(remembered) };
  const grouper = createGrouper();
  const batches = createBatchMaker(batch);
  let groups = 0;
  const take = async (group: Group | undefined) => {
    if (group === undefined) return;
    groups += 1;
    const { events, asides } = tellGroup(group, read, needs);
    if (groups <= groupsDone) return;
    const full = batches.add(events, asides, groups);
    if (full !== undefined) await sender.send(full);
  };
  for await (const records of file.portions()) {
    if (stop.aborted) break;
    for (const record of records) {
      const line = readLine(record);
      countRead(read.totals, line);
      const ended = grouper.add(line);
      if (ended !== undefined) await take(ended);
    }
    onProgress({ share: file.bytesRead() / file.sizeBytes, lines: read.totals.file.lines });
  }
  if (!stop.aborted) await take(grouper.end());
  const rest = batches.end();
  if (rest !== undefined) await sender.send(rest);
  await sender.end();
  if (stop.aborted)
    throw interrupted("Stopped. What was sent is kept; the same command again goes on from here.");
  return read;
}

function tellGroup(group: Group, read: FileRead, needs: TellNeeds) {
  const told = tell(group, needs);
  countTold(read.totals, group.lines);
  countTold(read.totals, group.bad);
  for (const line of group.lines) {
    seeItem(read.catalogue, line);
    seeCustomer(read.customers, line.customer);
  }
  if (group.lines.length > 0) read.orders += 1;
  read.linked += told.linked;
  read.unlinked += told.unlinked;
  const asides: Aside[] = group.bad.map((line) => asideOf(needs.mapping.name, line));
  return { events: told.events, asides };
}

async function tellConsents(client: Client, { customers, totals }: FileRead, options: ImportOptions) {
  const { consents, mapping, path, user, saidAt: time, batch } = options;
  const told: { purpose: string; people: number; tally: Tally }[] = [];
  for (const purpose of consents) {
    const acknowledged = nothingYet();
    const sender = createSender(client, (_, answer) => sumInto(acknowledged, answer));
    const batches = createBatchMaker(batch);
    const said = { purpose, file: basename(path), rows: totals.file.lines, user, time };
    for (const event of consentsOf(customers, said, mapping)) {
      const full = batches.add([event], [], 0);
      if (full !== undefined) await sender.send(full);
    }
    const rest = batches.end();
    if (rest !== undefined) await sender.send(rest);
    await sender.end();
    told.push({ purpose, people: customers.size, tally: acknowledged.events });
  }
  return told;
}
