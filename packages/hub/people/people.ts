import { type Clock, limits, type PersonId } from "@trato/base";
import { type Identity, type Result, refuse } from "@trato/contract";
import { eraseEventsOf, type PeopleNeeds } from "../events/index.ts";
import { coalesce, type Database, type Queries } from "../platform/index.ts";
import { ChangedUnderUs } from "./changed.ts";
import { beginErasure } from "./erasure-store.ts";
import type { Folder, Profile, SliceStates } from "./fold.ts";
import { createIdentityCache, type IdentityCache } from "./identity-cache.ts";
import { identitiesOf } from "./identity-store.ts";
import { identityKey, type KeyedIdentity } from "./keyed.ts";
import { undoMerge } from "./merge.ts";
import { type Merge, mergesOf } from "./merge-store.ts";
import { profileAsOf } from "./refold.ts";
import { settle } from "./settle.ts";
import { holdLiving, settleKnown } from "./settle-known.ts";
import {
  erasePersons,
  lockProfiles,
  lockRows,
  type ReadProfile,
  readProfilePage,
  readProfiles,
  readProfilesToNow,
  readStanding,
} from "./store.ts";
import { foldRead, foldToNow } from "./tails.ts";
import { createTombstones } from "./tombstone-store.ts";
import { refoldEverybody, type Verified, verifyEverybody } from "./verify.ts";
import { createWaiting } from "./waiting.ts";
import { lockWakeUps, writeWakeUps } from "./wake-up-store.ts";

/** How somebody names a person: by id, or by identities of which the strongest known one counts. */
export type Named = { readonly personId: PersonId } | { readonly identities: readonly Identity[] };
export type Found = Result<Profile, "person_unknown" | "person_erased">;

export type Person = Profile & {
  readonly identities: Awaited<ReturnType<typeof identitiesOf>>;
  readonly merges: readonly Merge[];
};

export type People = ReturnType<typeof createPeople>;

/** The people room: who is who, what is known of them, and what they agreed to. */
export function createPeople(needs: {
  readonly database: Database;
  readonly folder: Folder;
  readonly clock: Clock;
  readonly tombstoneSecret: string;
  readonly onRefold?: (people: number) => void;
}) {
  const { database, folder, clock } = needs;
  const tombstones = createTombstones(needs.tombstoneSecret);
  const identities = createIdentityCache(limits.identitiesCachedMax / 2);
  const settleNeeds = {
    folder,
    clock,
    tombstones,
    identities,
    waiting: createWaiting(),
    onRefold: needs.onRefold ?? (() => undefined),
  };
  // Lanes of reads: one person asked for alone and fifty asked for together cost one statement each.
  const readMany = coalesce<Named, ReadProfile | undefined>({
    mostPerRun: limits.decisionsPerTransactionMax,
    waitingMax: limits.decisionsWaitingMax,
    lanes: 2,
    run: (batch) => readNamed({ database, folder, identities }, batch),
  });
  const find = async (named: Named): Promise<Found> => foundOf(await readMany(named));
  const profilesOf = async (queries: Queries, people: readonly ReadProfile[]): Promise<Profile[]> =>
    (await foldToNow(queries, folder, people)).map(profileOf);

  return {
    forIntake: {
      settle: (tx, events, again) => settle(settleNeeds, tx, events, again),
      settleKnown: (tx, own, living) => settleKnown(settleNeeds, tx, own, living),
      holdLiving,
    } satisfies PeopleNeeds,
    folder,
    /** The profile as it is now, in one statement shared with whoever asks at the same moment. */
    find,
    async describe(personId: PersonId): Promise<Result<Person, "person_unknown" | "person_erased">> {
      const found = await find({ personId });
      if (!found.ok) return found;
      const { members } = found.value;
      const [identities, merges] = [await identitiesOf(database, members), await mergesOf(database, members)];
      return { ok: true, value: { ...found.value, identities, merges } };
    },
    profileAsOf: (at: { members: readonly PersonId[]; position: string }): Promise<SliceStates> =>
      profileAsOf(database, folder, at),
    profilePage: async (after: string, limit: number): Promise<Profile[]> =>
      profilesOf(database, await readProfilePage(database, after, limit)),
    /** Locks people who are to be looked at by now; they are handed out again when what is known now asks for it. */
    async takeWakeUps(tx: Queries, nowMs: number, limit: number): Promise<Profile[]> {
      const profiles = await profilesOf(tx, await lockWakeUps(tx, nowMs, limit));
      await writeWakeUps(tx, profiles.map(nextWakeUp(folder, nowMs)));
      return profiles;
    },
    lockProfiles: async (tx: Queries, personIds: readonly PersonId[]): Promise<Profile[]> =>
      profilesOf(tx, await lockProfiles(tx, personIds)),
    /** Who each of these ids is today, and every id that is them; those of erased people are missing. */
    whoIs: (queries: Queries, personIds: readonly PersonId[]) => readStanding(queries, personIds),
    undoMerge: (tx: Queries, mergeId: string) => undoMerge(tx, folder, mergeId, clock.nowMs()),
    verify: (onProgress?: (people: number) => void): Promise<Verified> =>
      verifyEverybody(database, folder, onProgress),
    refold: (onProgress?: (people: number) => void): Promise<number> =>
      refoldEverybody(database, folder, false, onProgress),
    /** Folds again whoever was folded by an older version of the slices; returns how many. */
    catchUp: (): Promise<number> => refoldEverybody(database, folder, true),
    /** Removes a person's events, identities and profile; leaves tombstones. Other rooms erase what they hold. */
    erase: (tx: Queries, personId: PersonId) => erase(tx, personId, { tombstones, nowMs: clock.nowMs() }),
  };
}

const nextWakeUp = (folder: Folder, nowMs: number) => (profile: Profile) => {
  const wakeMs = folder.wakeAtMs(profile.slices);
  return { personId: profile.personId, wakeMs: wakeMs !== null && wakeMs > nowMs ? wakeMs : null };
};

const profileOf = ({ personId, members, version, headMs, foldedAt, slices }: ReadProfile): Profile => ({
  personId,
  members,
  version,
  position: foldedAt,
  headMs,
  slices,
});

function foundOf(profile: ReadProfile | undefined): Found {
  if (profile === undefined) return refuse("person_unknown");
  return profile.erased ? refuse("person_erased") : { ok: true, value: profileOf(profile) };
}

type ReadNeeds = {
  readonly database: Database;
  readonly folder: Folder;
  readonly identities: IdentityCache;
};

/**
 * Reads people by id or by the strongest identity that is known, in one statement when the identities are remembered.
 * A home never changes; that of somebody who was erased since says so, and the identity is looked up anew.
 */
async function readNamed(needs: ReadNeeds, batch: readonly Named[]): Promise<(ReadProfile | undefined)[]> {
  const found = await readOnce(needs, batch);
  const gone = batch.map((named, i) => "identities" in named && found[i]?.erased === true);
  if (!gone.includes(true)) return found;
  const again = batch.filter((_, i) => gone[i]);
  needs.identities.forget(again.flatMap(keyedOf));
  const anew = (await readOnce(needs, again)).values();
  return found.map((one, i) => (gone[i] ? anew.next().value : one));
}

const keyedOf = (named: Named): KeyedIdentity[] =>
  "identities" in named ? named.identities.map((one) => ({ ...one, key: identityKey(one) })) : [];

async function readOnce(
  { database, folder, identities }: ReadNeeds,
  batch: readonly Named[],
): Promise<(ReadProfile | undefined)[]> {
  const keyed = batch.map(keyedOf);
  const known = await identities.find(database, keyed.flat(), { remember: true });
  const ids = batch.map((named, i) => {
    if ("personId" in named) return named.personId;
    const first = keyed[i]!.find(({ key }) => known.has(key));
    return first === undefined ? undefined : known.get(first.key)!.home;
  });
  const read = await readProfilesToNow(database, [...new Set(ids.filter((id) => id !== undefined))]);
  await foldRead(database, folder, read);
  const profiles = new Map(read.map((profile) => [profile.asked, profile]));
  return ids.map((id) => (id === undefined ? undefined : profiles.get(id)));
}

export type Erased = {
  readonly members: readonly PersonId[];
  readonly events: number;
  readonly identities: number;
};

async function erase(
  tx: Queries,
  personId: PersonId,
  with_: { tombstones: ReturnType<typeof createTombstones>; nowMs: number },
): Promise<Result<Erased, "person_unknown" | "person_erased">> {
  await beginErasure(tx);
  const [asked] = await readProfiles(tx, [personId]);
  if (asked === undefined) return refuse("person_unknown");
  await lockRows(tx, asked.members);
  const held = (await readProfiles(tx, [personId]))[0]!;
  if (held.erased) return refuse("person_erased");
  if (held.members.length !== asked.members.length) throw new ChangedUnderUs("a person was merged meanwhile");
  const identities = await identitiesOf(tx, held.members);
  await with_.tombstones.put(tx, identities, with_.nowMs);
  const events = await eraseEventsOf(tx, held.members, with_.nowMs);
  await erasePersons(tx, held.members, with_.nowMs);
  return { ok: true, value: { members: held.members, events, identities: identities.length } };
}
