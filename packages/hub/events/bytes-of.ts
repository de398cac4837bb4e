import type { KeptEvent } from "./event.ts";

/** The event as it would be sent to POST /v1/events. */
export function bytesOf(event: KeptEvent): Buffer {
  const identities = Object.groupBy(event.identities, (identity) => identity.kind);
  return Buffer.from(
    JSON.stringify({
      id: event.id,
      type: event.type,
      time: new Date(event.timeMs).toISOString(),
      ...(event.channel === null ? {} : { channel: event.channel }),
      ...(event.store === null ? {} : { store: event.store }),
      ...(event.session === null ? {} : { session: event.session }),
      identities: Object.fromEntries(
        Object.entries(identities).map(([kind, list]) => [
          kind,
          list?.length === 1 ? list[0]!.value : list?.map((i) => i.value),
        ]),
      ),
      data: event.data,
    }),
  );
}
