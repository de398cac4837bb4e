import { limits, type PersonId, uuid7 } from "@trato/base";
import { type IdentityKind, identityKinds, type Result, refuse } from "@trato/contract";
import type { KeptEvent } from "../events/index.ts";
import type { Queries } from "../platform/index.ts";
import { ChangedUnderUs } from "./changed.ts";
import type { Folder } from "./fold.ts";
import { identitiesOf } from "./identity-store.ts";
import { areApart, findMerge, insertApart, writeMembers, writeMerge, writeUndo } from "./merge-store.ts";
import { refold } from "./refold.ts";
import { type Held, holdStanding, lockRows, readProfiles, readStanding, writeFolded } from "./store.ts";
import { carryWakeUp } from "./wake-up-store.ts";

export type Merged = {
  /** The person who stands for this one now. */
  standsFor(person: Held): Held;
  /** People who gained members: their profile must be folded again. */
  readonly grown: ReadonlySet<Held>;
};

/**
 * Joins locked people pairwise. A pair is left apart when an undo said that they are two, or when together they
 * would have more members than the limit. The loser keeps its id, identities and events; only where it points changes.
 */
export async function merge(
  tx: Queries,
  joins: readonly { person: PersonId; other: PersonId; event: KeptEvent }[],
  locked: ReadonlyMap<PersonId, Held>,
  nowMs: number,
): Promise<Merged> {
  const into = new Map<Held, Held>();
  const standsFor = (person: Held): Held => {
    let at = person;
    for (let next = into.get(at); next !== undefined; next = into.get(at)) at = next;
    return at;
  };
  const grown = new Set<Held>();
  for (const { person, other, event } of joins) {
    const [one, two] = [standsFor(locked.get(person)!), standsFor(locked.get(other)!)];
    if (one === two || one.members.length + two.members.length > limits.membersPerPersonMax) continue;
    if (await areApart(tx, one.members, two.members)) continue;
    const [winner, loser] = one.personId < two.personId ? [one, two] : [two, one];
    const moved = [...loser.members];
    winner.members = [...winner.members, ...moved].sort();
    const mergeId = uuid7(nowMs);
    const why = { source: event.source, eventId: event.id, mergedMs: nowMs };
    await writeMerge(
      tx,
      { mergeId, winner: winner.personId, loser: loser.personId, moved, ...why },
      winner.members,
    );
    winner.version += 1;
    into.set(loser, winner);
    grown.delete(loser);
    grown.add(winner);
  }
  return { standsFor, grown };
}

/** The values people have of the kinds of which a person has only one. */
export async function exclusivesOf(
  tx: Queries,
  people: readonly PersonId[],
): Promise<Map<PersonId, Map<IdentityKind, string>>> {
  const found = new Map<PersonId, Map<IdentityKind, string>>();
  if (people.length === 0) return found;
  const profiles = await readProfiles(tx, people);
  const personOf = new Map<PersonId, PersonId>();
  for (const { asked, members } of profiles) for (const member of members) personOf.set(member, asked);
  for (const { kind, value, home } of await identitiesOf(tx, [...personOf.keys()])) {
    if (!identityKinds[kind].exclusive) continue;
    const person = personOf.get(home)!;
    if (!found.has(person)) found.set(person, new Map());
    found.get(person)!.set(kind, value);
  }
  return found;
}

/**
 * Takes a merge back: the ids that came over stand alone again, both profiles are folded from the log, and the two
 * are never joined again, whatever they share. Nothing is lost: events never left their home.
 */
export async function undoMerge(
  tx: Queries,
  folder: Folder,
  mergeId: string,
  nowMs: number,
): Promise<Result<{ kept: PersonId; split: PersonId }, "merge_unknown" | "merge_already_undone">> {
  const merge = await findMerge(tx, mergeId);
  if (merge === undefined) return refuse("merge_unknown");
  if (merge.undoneMs !== null) return refuse("merge_already_undone");
  // Since then the winner may have been merged on: take the ids out of whoever stands for them today.
  const today = (await readStanding(tx, [merge.loser])).get(merge.loser)!;
  await lockRows(tx, [today.personId, ...merge.moved]);
  const keeper = (await readStanding(tx, [merge.loser])).get(merge.loser)!;
  if (keeper.personId !== today.personId) throw new ChangedUnderUs("a person was merged meanwhile");
  const moved = merge.moved.filter((id) => keeper.members.includes(id) && id !== keeper.personId);
  const kept = keeper.members.filter((id) => !moved.includes(id));
  await writeMembers(tx, keeper.personId, kept);
  await writeUndo(tx, { mergeId, nowMs, first: merge.loser, moved });
  await insertApart(tx, moved, kept);
  await carryWakeUp(tx, [keeper.personId], merge.loser);
  const both = await holdStanding(tx, [keeper.personId, merge.loser], {
    foldVersion: folder.version,
    lock: true,
  });
  await writeFolded(tx, await refold(tx, folder, [...both.values()]), folder.version);
  return { ok: true, value: { kept: keeper.personId, split: merge.loser } };
}
