import { idOf, type Position } from "./position.ts";
import type { Announced } from "./store.ts";

/** Server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html */
const quoted = (text: string | null): string => (text === null ? "null" : JSON.stringify(text));

/** One change, on one line of data: what was announced is JSON text and is not parsed again. */
export function encodeChange({ at, topic, key, place, personId, atMs, data }: Announced): string {
  return (
    `id: ${idOf(at)}\nevent: ${topic}\n` +
    `data: {"topic":${quoted(topic)},"key":${quoted(key)},"place":${quoted(place)},"personId":${quoted(personId)},` +
    `"at":"${new Date(atMs).toISOString()}","sequence":${at.row},"data":${data}}\n\n`
  );
}

export type Notice = "ready" | "gap" | "caught_up" | "dropped";

/** A word about the stream itself. With an id, a reader who breaks off now goes on from there. */
export function encodeNotice(notice: Notice, data: object, at?: Position): string {
  const id = at === undefined ? "" : `id: ${idOf(at)}\n`;
  return `${id}event: ${notice}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Keeps the connection open, and moves `Last-Event-ID` of those for whom nothing happens. No reader hears it. */
export const encodeHeartbeat = (at: Position): string => `: \nid: ${idOf(at)}\n\n`;
