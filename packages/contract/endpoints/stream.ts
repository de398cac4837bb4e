import { type Static, Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { allTopics, type Topic } from "../topics.ts";
import { instant, uuid } from "./shapes.ts";

export const topicShape = Type.Enum(allTopics as Topic[]);
const list = (description: string) =>
  Type.String({ minLength: 1, maxLength: 2_000, description: `${description}, comma separated.` });

/** A change as subscribers hear it, and webhooks. */
export const changeShape = Type.Object({
  topic: topicShape,
  key: Type.String({ description: "What changed: the id of a cart, order, place … by topic." }),
  place: Type.Union([Type.String(), Type.Null()]),
  personId: Type.Union([uuid, Type.Null()]),
  at: instant,
  sequence: Type.Integer({
    description:
      "Of two changes of one thing the one with the larger number is later, whichever comes first: drop the smaller. The thing is the key; for stock each item of the place, for prices each row.",
  }),
  data: Type.Record(Type.String(), Type.Unknown()),
});
export type ChangeHeard = Readonly<Static<typeof changeShape>>;

export const followStream = endpoint({
  name: "followStream",
  method: "GET",
  path: "/v1/stream",
  tag: "stream",
  says: "Follows changes as they happen, as server-sent events; after a break nothing is missed and nothing comes twice.",
  more: [
    "Each event is named after its topic; its data is one change. Send the last id again in `Last-Event-ID` (browsers",
    "do) to go on where you broke off, up to 24 hours later, at any hub. Besides changes there are: `ready` at the",
    "beginning; `gap` when what you missed was forgotten already, so read again what you show; `caught_up` before the",
    "end, if you asked for one; `dropped` with a `reason` (`slow`, `key_revoked`, `stopping`, `broken`) before the hub",
    "ends the stream. Comments keep the connection alive.",
  ].join(" "),
  needs: "stream:read",
  streams: true,
  query: Type.Object({
    topic: Type.Optional(list("Topics; left out, all that the key may hear")),
    key: Type.Optional(list("Only changes of these carts, orders, places …")),
    place: Type.Optional(list("Only changes in these places")),
    personId: Type.Optional(uuid),
    cart: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 100,
        description: "The token of a cart: only its changes. The one way for a public key; stands alone.",
      }),
    ),
    lastEventId: Type.Optional(
      Type.String({ maxLength: 100, description: "Like the header, for those who cannot set one." }),
    ),
    ends: Type.Optional(
      Type.Enum(["never", "caught_up"], {
        description: "`caught_up` tells what was missed and ends: for those who come by now and then.",
      }),
    ),
  }),
  gives: changeShape,
  problems: ["topic_forbidden", "person_unknown", "cart_unknown", "streams_too_many", "stopping"],
  example: {
    query: { topic: "cart.changed", ends: "caught_up" },
    gives: {
      topic: "cart.changed",
      key: "019b76da-a800-7412-a472-2316aeb05c21",
      place: null,
      personId: null,
      at: "2026-11-22T15:04:05.000Z",
      sequence: 4711,
      data: {},
    },
  },
});
