import { Type } from "typebox";
import { id, name, text } from "./event.ts";
import { family } from "./family.ts";
import { share, when } from "./fields.ts";

/** Opportunities and duties the hub found. Only the hub says these. */
export const moments = family(
  { retention: "browsing", purpose: "personalise" },
  {
    "moment.found": {
      says: "Something is worth doing for this person, within a window.",
      data: Type.Object({
        momentId: id,
        kind: name,
        subject: text(200),
        windowStart: when,
        windowEnd: when,
        confidence: share,
        evidence: Type.Record(Type.String(), Type.Unknown()),
      }),
      example: {
        momentId: "runs_out:7861001200017:2026-11-26",
        kind: "runs_out",
        subject: "7861001200017",
        windowStart: "2026-11-24T00:00:00Z",
        windowEnd: "2026-11-28T00:00:00Z",
        confidence: 0.72,
        evidence: { purchases: 6, everyDays: 29.5 },
      },
    },
    "moment.closed": {
      says: "A moment is over: used, past, or no longer true.",
      data: Type.Object({ momentId: id, kind: name, reason: text(200) }),
      example: { momentId: "runs_out:7861001200017:2026-11-26", kind: "runs_out", reason: "bought" },
    },
  },
);
