import { dialectEndpoints, postEvents, type TakenAnswer } from "@trato/contract";
import { type RawHandle, type Route, rawRoute } from "../../platform/index.ts";
import type { NoteCode } from "../check/index.ts";
import type { Intake, Taken } from "../intake.ts";
import { readFrame } from "../read-frame.ts";

export type TakeNeeds = {
  readonly intake: Intake;
  readonly country: string;
  /** Hears what had to be changed in events that were kept, such as a card number that was blanked. */
  readonly onNotes: (source: string, notes: ReadonlyMap<NoteCode, number>) => void;
};

export function answerOf({ tally }: Taken): TakenAnswer {
  const accepted = tally.applied + tally.repeat + tally.quarantined + tally.erased;
  return { success: true, accepted, ...tally };
}

/** POST /v1/events and the paths of Segment and RudderStack: the same road, two languages. */
export function takeRoutes(needs: TakeNeeds): Route[] {
  const handle =
    (isDialect: boolean): RawHandle =>
    async ({ key, bytes, request, nowMs }) => {
      const header = (name: string) => request.headers[name]?.toString();
      const dialect = { path: request.url.split("?", 1)[0]!, anonymousIdHeader: header("anonymousid") };
      const { frame, notes } = readFrame({
        bytes,
        encoding: header("content-encoding"),
        source: key.source,
        trusted: key.kind === "secret",
        receivedAtMs: nowMs,
        country: needs.country,
        ...(isDialect ? { dialect } : {}),
      });
      if (notes.size > 0) needs.onNotes(key.source, notes);
      return { status: 200, body: answerOf(await needs.intake.take(frame)) };
    };
  return [
    rawRoute(postEvents, handle(false)),
    ...dialectEndpoints.map((endpoint) => rawRoute(endpoint, handle(true))),
  ];
}
