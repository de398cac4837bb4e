import { limits, type PersonId } from "@trato/base";
import { listMoments, type Moment, type MomentKind, momentKinds, type Result } from "@trato/contract";
import type { Profile } from "../../people/index.ts";
import { type Database, type Route, route } from "../../platform/index.ts";
import { openMoments, type Seen } from "../slice.ts";
import { type MomentCursor, type MomentRow, readMoments } from "../store.ts";

/** What listing asks of the people room: one person's profile, read together with others asked for meanwhile. */
export type ListNeeds = {
  readonly database: Database;
  find(named: { readonly personId: PersonId }): Promise<Result<Profile, "person_unknown" | "person_erased">>;
};

/** GET /v1/moments: the rows say what was found, the profiles say what is open. */
export const listRoute = (needs: ListNeeds): Route =>
  route(listMoments, async ({ query, nowMs }) => {
    const person =
      query.personId === undefined ? null : await needs.find({ personId: query.personId as PersonId });
    if (person !== null && !person.ok) return person;
    const limit = query.limit ?? limits.pageRowsDefault;
    const rows = await readMoments(needs.database, {
      before: query.after === undefined ? null : readCursor(query.after),
      limit,
      kind: query.kind ?? null,
      members: person?.value.members ?? null,
      endsAfterMs: query.open === true ? nowMs : null,
    });
    const open = await openAmong(needs, rows, nowMs);
    const moments = rows.map((row) => said(row, open.has(row.momentId)));
    const last = rows.length === limit ? rows.at(-1) : undefined;
    const next = last === undefined ? {} : { next: `${last.foundMs}.${last.momentId}` };
    return {
      ok: true,
      value: { moments: query.open === true ? moments.filter((one) => one.open) : moments, ...next },
    };
  });

function readCursor(after: string): MomentCursor {
  const dot = after.indexOf(".");
  return { foundMs: Number(after.slice(0, dot)), momentId: after.slice(dot + 1) };
}

async function openAmong(needs: ListNeeds, rows: readonly MomentRow[], nowMs: number): Promise<Set<string>> {
  const personIds = new Set(rows.filter((row) => row.windowEndMs >= nowMs).map((row) => row.personId));
  const found = await Promise.all([...personIds].map((personId) => needs.find({ personId })));
  const open = new Set<string>();
  for (const one of found) {
    for (const moment of one.ok ? openMoments(one.value.slices as Seen, nowMs) : [])
      open.add(moment.momentId);
  }
  return open;
}

function said(row: MomentRow, open: boolean): Moment {
  const { momentId, personId, subject, confidence, evidence } = row;
  const kind = row.kind as MomentKind;
  const { en, es } = momentKinds[kind];
  return {
    momentId,
    personId,
    kind,
    words: { en, es },
    subject,
    foundAt: new Date(row.foundMs).toISOString(),
    windowStart: new Date(row.windowStartMs).toISOString(),
    windowEnd: new Date(row.windowEndMs).toISOString(),
    open,
    confidence,
    evidence,
  };
}
