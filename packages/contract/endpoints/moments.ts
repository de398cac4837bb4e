import { limits } from "@trato/base";
import { type Static, Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { allMomentKinds } from "../moments.ts";
import { words } from "../words.ts";

const instant = Type.String({ description: "RFC 3339, in UTC." });
const uuidPattern = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
const uuid = Type.String({ pattern: `^${uuidPattern}$` });
const cursorPattern = `^[0-9]{1,15}\\.${uuidPattern}$`;

/** An opportunity or a duty: the person, what it is about, for how long, how sure, and from what it was concluded. */
export const moment = Type.Object({
  momentId: uuid,
  personId: uuid,
  kind: Type.Enum([...allMomentKinds]),
  words,
  subject: Type.String({ description: 'What it is about: an item\'s sku, "cart", or "person".' }),
  foundAt: instant,
  windowStart: instant,
  windowEnd: instant,
  open: Type.Boolean({
    description: "False when its window is over, or when a purchase or a return to the cart closed it.",
  }),
  confidence: Type.Number({ minimum: 0, maximum: 1 }),
  evidence: Type.Record(Type.String(), Type.Unknown()),
});
export type Moment = Static<typeof moment>;

export const listMoments = endpoint({
  name: "listMoments",
  method: "GET",
  path: "/v1/moments",
  tag: "moments",
  says: "Lists the moments that were found, newest first, a page at a time.",
  more: "A moment may be found up to three days before its window begins. With `open`, pages may be shorter than `limit`: go on while there is a `next`.",
  needs: "decisions:read",
  query: Type.Object({
    kind: Type.Optional(Type.Enum([...allMomentKinds])),
    personId: Type.Optional(uuid),
    open: Type.Optional(Type.Boolean({ description: "true: only those that are open now." })),
    after: Type.Optional(
      Type.String({ pattern: cursorPattern, description: "The `next` of the page before." }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.pageRowsMax })),
  }),
  gives: Type.Object({ moments: Type.Array(moment), next: Type.Optional(Type.String()) }),
  problems: ["request_invalid", "person_unknown", "person_erased"],
  example: {
    query: { kind: "runs_out", open: true, limit: 1 },
    gives: {
      moments: [
        {
          momentId: "6f1c2b64-8a0e-8f3d-a1b2-3c4d5e6f7a8b",
          personId: "0198c1de-7f3a-7a10-9d55-2f0a8e4b6c11",
          kind: "runs_out",
          words: { en: "runs out", es: "se acaba" },
          subject: "CAF-500",
          foundAt: "2026-11-01T14:00:00.000Z",
          windowStart: "2026-11-03T09:00:00.000Z",
          windowEnd: "2026-11-11T09:00:00.000Z",
          open: true,
          confidence: 0.72,
          evidence: { lastMs: 1_760_000_000_000, count: 4, modelVersion: "3" },
        },
      ],
    },
  },
});
