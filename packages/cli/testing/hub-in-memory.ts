import { listItems, postEvents, putAside, putItems } from "@trato/contract";
import type { Client } from "../client.ts";
import type { Aside } from "../import/batch.ts";
import type { OutEvent } from "../import/to-events.ts";

/** Stands where a hub would, for tests of what is sent: keeps each event once, as the hub does. */
export type HubInMemory = {
  readonly client: Client;
  readonly events: Map<string, OutEvent>;
  readonly asides: Aside[];
  readonly items: Map<string, Record<string, unknown>>;
};

export function hubInMemory(): HubInMemory {
  const events = new Map<string, OutEvent>();
  const asides: Aside[] = [];
  const items = new Map<string, Record<string, unknown>>();
  const nothing = { success: true, applied: 0, repeat: 0, quarantined: 0, erased: 0 };
  const takeEvents = (bodyText: string) => {
    const sent = (JSON.parse(bodyText) as { events: OutEvent[] }).events;
    const applied = sent.filter(({ id }) => !events.has(id)).length;
    for (const event of sent) events.set(event.id, event);
    return { ...nothing, accepted: sent.length, applied, repeat: sent.length - applied };
  };
  const takeAsides = ({ items: sent }: { items: Aside[] }) => {
    asides.push(...sent);
    return { ...nothing, accepted: sent.length, quarantined: sent.length };
  };
  const takeItems = ({ items: sent }: { items: { sku: string }[] }) => {
    for (const item of sent) items.set(item.sku, item);
    return { created: sent.length, changed: 0, unchanged: 0, refused: 0 };
  };
  const answers = new Map<string, (given: { body?: never; bodyText?: string }) => unknown>([
    [postEvents.name, ({ bodyText = "" }) => takeEvents(bodyText)],
    [putAside.name, ({ body }) => takeAsides(body!)],
    [putItems.name, ({ body }) => takeItems(body!)],
    [listItems.name, () => ({ items: [] })],
  ]);
  const call = async (endpoint: { name: string }, given: object = {}) => answers.get(endpoint.name)!(given);
  return { client: { url: "http://memory", keyId: "", call: call as Client["call"] }, events, asides, items };
}
