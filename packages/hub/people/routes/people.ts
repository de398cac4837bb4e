import type { PersonId } from "@trato/base";
import {
  findPerson,
  getPerson,
  type IdentityKind,
  listConsents,
  listPersonEvents,
  ok,
  type PersonAnswer,
  refuse,
  undoMerge,
} from "@trato/contract";
import { type KeptEvent, normalizeIdentity, readEventPage } from "../../events/index.ts";
import { command, type Queries, type Route, route } from "../../platform/index.ts";
import type { People, Person } from "../people.ts";
import { consentOf } from "../slice.ts";

export type PeopleRouteNeeds = {
  readonly people: People;
  readonly queries: Queries;
  readonly country: string;
};

const instant = (ms: number): string => new Date(ms).toISOString();

function shown(person: Person): PersonAnswer {
  return {
    personId: person.personId,
    members: [...person.members],
    version: person.version,
    lastEventAt: person.headMs === 0 ? null : instant(person.headMs),
    identities: person.identities.map(({ kind, value, firstSeenMs }) => ({
      kind,
      value,
      firstSeenAt: instant(firstSeenMs),
    })),
    merges: person.merges.map((merge) => ({
      mergeId: merge.mergeId,
      winner: merge.winner,
      loser: merge.loser,
      mergedAt: instant(merge.mergedMs),
      becauseOf: { source: merge.source, eventId: merge.eventId },
      undoneAt: merge.undoneMs === null ? null : instant(merge.undoneMs),
    })),
    slices: person.slices,
  };
}

const shownEvent = (event: KeptEvent) => ({
  id: event.id,
  source: event.source,
  type: event.type,
  time: instant(event.timeMs),
  channel: event.channel,
  data: event.data,
});

export function peopleRoutes(needs: PeopleRouteNeeds): Route[] {
  return [getRoute(needs), findRoute(needs), eventsRoute(needs), consentsRoute(needs), undoRoute(needs)];
}

const getRoute = ({ people }: PeopleRouteNeeds): Route =>
  route(getPerson, async ({ params }) => {
    const found = await people.describe(params.personId as PersonId);
    return found.ok ? ok(shown(found.value)) : found;
  });

const findRoute = ({ people, country }: PeopleRouteNeeds): Route =>
  route(findPerson, async ({ query }) => {
    const kind = query.kind as IdentityKind;
    const value = normalizeIdentity(kind, query.value, country);
    if (value === undefined) {
      return refuse("request_invalid", {
        errors: [{ pointer: "/query/value", detail: `this is no ${kind}` }],
      });
    }
    const found = await people.find({ identities: [{ kind, value }] });
    if (!found.ok) return found;
    const described = await people.describe(found.value.personId);
    return described.ok ? ok(shown(described.value)) : described;
  });

const eventsRoute = ({ people, queries }: PeopleRouteNeeds): Route =>
  route(listPersonEvents, async ({ params, query }) => {
    const found = await people.find({ personId: params.personId as PersonId });
    if (!found.ok) return found;
    const after = /^(\d{1,15})~([a-z0-9._-]*)~(.*)$/s.exec(query.after ?? "0~~");
    if (after === null) {
      return refuse("request_invalid", {
        errors: [
          {
            pointer: "/query/after",
            detail: { en: "use the `next` of the page before", es: "use el `next` de la página anterior" },
          },
        ],
      });
    }
    const limit = query.limit ?? 100;
    const page = {
      afterMs: Number(after[1]),
      afterSource: after[2]!,
      afterId: after[3]!,
      limit: limit + 1,
      types: null,
    };
    const events = await readEventPage(queries, found.value.members, page);
    const items = events.slice(0, limit);
    const last = items.at(-1);
    return ok({
      items: items.map(shownEvent),
      next: events.length > limit && last !== undefined ? `${last.timeMs}~${last.source}~${last.id}` : null,
    });
  });

const consentTypes = ["consent.given", "consent.withdrawn"];

const consentsRoute = ({ people, queries }: PeopleRouteNeeds): Route =>
  route(listConsents, async ({ params }) => {
    const found = await people.find({ personId: params.personId as PersonId });
    if (!found.ok) return found;
    const page = { afterMs: 0, afterSource: "", afterId: "", limit: 1_000, types: consentTypes };
    const history = await readEventPage(queries, found.value.members, page);
    const now = Object.entries(consentOf(found.value.slices)).map(([key, said]) => [
      key,
      { given: said.given, at: instant(said.timeMs) },
    ]);
    return ok({ now: Object.fromEntries(now), history: history.map(shownEvent) });
  });

const undoRoute = ({ people }: PeopleRouteNeeds): Route =>
  command(undoMerge, async ({ params, tx }) => people.undoMerge(tx, params.mergeId));
