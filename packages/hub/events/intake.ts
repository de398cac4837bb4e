import { type Clock, canonical, hash32, limits, type PersonId } from "@trato/base";
import {
  coalesce,
  type Database,
  isDatabaseAway,
  isDiskFull,
  type Log,
  mayTryAgain,
  type Queries,
} from "../platform/index.ts";
import { appendAhead, appendEvents, appendNew, nextBlock, type Wanted } from "./append-store.ts";
import { bytesOf } from "./bytes-of.ts";
import { createDoubt, type Doubt } from "./doubt.ts";
import type { KeptEvent } from "./event.ts";
import { eventKey, findEvents, firstByKey } from "./log-store.ts";
import type { Living, LoggedEvent, OwnEvent, PeopleNeeds, Settled } from "./needs.ts";
import { addTallies, emptyTally, insertQuarantine, type Rejected, type Tally } from "./store.ts";

/** One request's worth: what passed the checks and what did not, from one source. */
export type Frame = {
  readonly source: string;
  readonly events: readonly KeptEvent[];
  readonly rejects: readonly Rejected[];
};

/** What became of a frame, and of each of its events in their order. */
export type Taken = { readonly tally: Tally; readonly fates: readonly Fate[] };
export type Fate = "applied" | "repeat" | "quarantined" | "erased";

export type Intake = {
  /** Commits a frame together with those that arrive meanwhile; answers once all of it is durable. */
  take(frame: Frame): Promise<Taken>;
  /** The same inside the caller's transaction. */
  record(tx: Queries, frame: Frame): Promise<Taken>;
  /**
   * Takes in the hub's own events, which name their person by id; inside the caller's transaction. With what was
   * `expected` they are taken to be new and nobody waits for their being kept: one that was kept before makes the
   * transaction begin again, where nothing should be expected.
   */
  recordFor(tx: Queries, source: string, events: readonly OwnEvent[], expected?: Expected): Promise<Taken>;
  /** Asks ahead what recording events of these people will want to know, together with whatever else is asked now. */
  expect(tx: Queries, personIds: readonly PersonId[]): Expected;
};

export type Expected = Living & { readonly block: Promise<number> };

export type IntakeNeeds = {
  readonly database: Database;
  readonly people: PeopleNeeds;
  readonly clock: Clock;
  readonly log: Log;
  readonly onTaken: (taken: Taken, frame: Frame) => void;
};

/** The way in: every event of every frame ends as applied, repeat, quarantined or erased, and is counted as such. */
export function createIntake(needs: IntakeNeeds): Intake {
  const lanes = Array.from({ length: limits.intakeLanes }, () => {
    const doubt = createDoubt();
    return coalesce<Frame, Taken>({
      mostPerRun: limits.intakeEventsPerTransactionMax,
      waitingMax: limits.intakeWaitingEventsMax / limits.intakeLanes,
      lanes: 1,
      weigh: (frame) => frame.events.length + frame.rejects.length + 1,
      run: (frames) => takeTogether(needs, doubt, frames),
    });
  });
  return {
    take: (frame) => takeByLane(lanes, frame),
    record: async (tx, frame) => (await takeAll(needs, tx, [frame], inCallersTransaction(needs, tx)))[0]!,
    expect(tx, personIds) {
      const asked = new Set(personIds);
      const [living, block] = [needs.people.holdLiving(tx, [...asked]), nextBlock(tx)];
      for (const one of [living, block]) one.catch(() => undefined);
      return { asked, living, block };
    },
    recordFor: async (tx, source, own, expected) => {
      const ownerOf = new Map(own.map(({ event, personId }) => [event, personId]));
      const settle = (events: readonly KeptEvent[]) =>
        needs.people.settleKnown(
          tx,
          events.map((event) => ({ personId: ownerOf.get(event)!, event })),
          expected,
        );
      const block = expected?.block ?? nextBlock(tx);
      block.catch(() => undefined);
      const append = (wanted: readonly Wanted[]) =>
        expected === undefined ? appendNew(tx, wanted, block) : appendAhead(tx, wanted, block);
      const frame = { source, events: own.map(({ event }) => event), rejects: [] };
      return (await takeAll(needs, tx, [frame], { settle, append }))[0]!;
    },
  };
}

/** Who is in a hurry waits for nobody else's lock: the same person's events always go down the same lane. */
const laneOf = (event: KeptEvent): number => {
  const strongest = event.identities[0];
  return (
    hash32(strongest === undefined ? event.id : `${strongest.kind}/${strongest.value}`) % limits.intakeLanes
  );
};

async function takeByLane(
  lanes: readonly ((frame: Frame) => Promise<Taken>)[],
  frame: Frame,
): Promise<Taken> {
  const parts = lanes.map(() => ({
    source: frame.source,
    events: [] as KeptEvent[],
    rejects: [] as Rejected[],
  }));
  parts[0]!.rejects.push(...frame.rejects);
  const laneOfEach = frame.events.map(laneOf);
  for (const [i, event] of frame.events.entries()) parts[laneOfEach[i]!]!.events.push(event);
  const busy = parts.map((part) => part.events.length + part.rejects.length > 0);
  const settled = await Promise.allSettled(
    parts.map((part, lane) => (busy[lane] ? lanes[lane]!(part) : { tally: emptyTally(), fates: [] })),
  );
  // Acknowledged when every lane has committed; if one has not, the sender repeats all, and repeats do no harm.
  const failed = settled.find((one) => one.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  const taken = settled.map((one) => (one as PromiseFulfilledResult<Taken>).value);
  const tally = emptyTally();
  for (const one of taken) addInto(tally, one.tally);
  const nextOf = lanes.map(() => 0);
  return { tally, fates: laneOfEach.map((lane) => taken[lane]!.fates[nextOf[lane]!++]!) };
}

/** When a transaction of many frames fails for a reason of its content, halves it until the culprit is alone. */
async function takeTogether(
  needs: IntakeNeeds,
  doubt: Doubt,
  frames: readonly Frame[],
): Promise<readonly Taken[]> {
  try {
    let settled: Settled | undefined;
    const taken = await needs.database.transaction((tx, attempt) =>
      takeAll(needs, tx, frames, {
        settle: async (events) => {
          settled = await needs.people.settle(tx, events, attempt > 1);
          return settled;
        },
        append: (wanted) => (doubt.mayRepeat(attempt) ? appendNew(tx, wanted) : appendEvents(tx, wanted)),
      }),
    );
    settled?.committed();
    for (const [i, one] of taken.entries()) needs.onTaken(one, frames[i]!);
    return taken;
  } catch (cause) {
    if (isDatabaseAway(cause) || isDiskFull(cause) || mayTryAgain(cause)) throw cause;
    if (frames.length > 1) {
      const middle = frames.length >> 1;
      const first = await takeTogether(needs, doubt, frames.slice(0, middle));
      return [...first, ...(await takeTogether(needs, doubt, frames.slice(middle)))];
    }
    return [await takeOneByOne(needs, doubt, frames[0]!, cause)];
  }
}

async function takeOneByOne(needs: IntakeNeeds, doubt: Doubt, frame: Frame, cause: unknown): Promise<Taken> {
  const { source, events, rejects } = frame;
  if (events.length === 0) throw cause;
  if (events.length === 1) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    needs.log.error(
      { source, type: events[0]!.type, detail },
      "an event could not be stored and was put in quarantine",
    );
    const parked: Rejected = {
      bytes: bytesOf(events[0]!),
      reason: "not_storable",
      detail,
      eventId: events[0]!.id,
    };
    const taken = await takeTogether(needs, doubt, [{ source, events: [], rejects: [...rejects, parked] }]);
    return { tally: taken[0]!.tally, fates: ["quarantined"] };
  }
  const middle = events.length >> 1;
  const first = await takeTogether(needs, doubt, [{ source, events: events.slice(0, middle), rejects }]);
  const rest = await takeTogether(needs, doubt, [{ source, events: events.slice(middle), rejects: [] }]);
  const tally = emptyTally();
  for (const part of [first[0]!, rest[0]!]) addInto(tally, part.tally);
  return { tally, fates: [...first[0]!.fates, ...rest[0]!.fates] };
}

function addInto(sum: Tally, more: Tally): void {
  sum.applied += more.applied;
  sum.repeat += more.repeat;
  sum.quarantined += more.quarantined;
  sum.erased += more.erased;
}

type How = {
  readonly settle: (events: readonly KeptEvent[]) => Promise<Settled>;
  readonly append: (wanted: readonly Wanted[]) => Promise<LoggedEvent[]>;
};

/** Inside somebody else's transaction nothing is begun again for our sake: people are locked, repeats expected. */
const inCallersTransaction = (needs: IntakeNeeds, tx: Queries): How => ({
  settle: (events) => needs.people.settle(tx, events, true),
  append: (wanted) => appendNew(tx, wanted),
});

/** The whole path of one transaction: settle people, keep once, fold, put aside, count. */
async function takeAll(
  needs: IntakeNeeds,
  tx: Queries,
  frames: readonly Frame[],
  { settle, append }: How,
): Promise<Taken[]> {
  const nowMs = needs.clock.nowMs();
  const firstOf = firstByKey(frames.flatMap((frame) => frame.events));
  const keys = [...firstOf.keys()];
  const distinct = [...firstOf.values()];
  const settled = await settle(distinct);

  const fates = new Map<KeptEvent, Fate>();
  const wanted: { event: KeptEvent; home: PersonId; key: string }[] = [];
  for (const [i, event] of distinct.entries()) {
    const home = settled.homes[i]!;
    if (home === "erased") fates.set(event, "erased");
    else wanted.push({ event, home, key: keys[i]! });
  }
  const logged = wanted.length === 0 ? [] : await append(wanted);
  for (const { event } of logged) fates.set(event, "applied");
  const already = wanted.filter(({ event }) => !fates.has(event)).map(({ event }) => event);
  const conflicts = await judgeRepeats(tx, already, fates);
  await settled.fold(logged satisfies LoggedEvent[]);
  return settleFrames(tx, frames, { firstOf, fates, conflicts, nowMs });
}

const saysTheSame = (a: KeptEvent, b: KeptEvent): boolean =>
  a.type === b.type && canonical(a.data) === canonical(b.data);

/** An id seen before is a repeat when it says the same, and a conflict when it says something else. */
async function judgeRepeats(tx: Queries, already: readonly KeptEvent[], fates: Map<KeptEvent, Fate>) {
  const kept = await findEvents(tx, already);
  const conflicts = new Set<KeptEvent>();
  for (const event of already) {
    const before = kept.get(eventKey(event));
    if (before !== undefined && saysTheSame(before, event)) fates.set(event, "repeat");
    else conflicts.add(event);
  }
  return conflicts;
}

type Judged = {
  readonly firstOf: ReadonlyMap<string, KeptEvent>;
  readonly fates: ReadonlyMap<KeptEvent, Fate>;
  readonly conflicts: ReadonlySet<KeptEvent>;
  readonly nowMs: number;
};

async function settleFrames(tx: Queries, frames: readonly Frame[], judged: Judged): Promise<Taken[]> {
  const { firstOf, fates, conflicts, nowMs } = judged;
  const taken: Taken[] = [];
  const tallies = new Map<string, Tally>();
  for (const frame of frames) {
    const tally = emptyTally();
    const rejects: Rejected[] = [...frame.rejects];
    const frameFates: Fate[] = [];
    for (const event of frame.events) {
      let fate = fates.get(event) ?? (conflicts.has(event) ? "quarantined" : undefined);
      if (fate === undefined) {
        // The same id twice in one transaction: the second is a repeat of the first, or in conflict with it.
        const first = firstOf.get(eventKey(event))!;
        fate = saysTheSame(first, event) ? repeatOf(fates.get(first)) : "quarantined";
      }
      if (fate === "quarantined") rejects.push(conflictOf(event));
      else tally[fate] += 1;
      frameFates.push(fate);
    }
    const put = await insertQuarantine(tx, frame.source, rejects, nowMs);
    tally.quarantined += put;
    tally.repeat += rejects.length - put;
    taken.push({ tally, fates: frameFates });
    const sum = tallies.get(frame.source) ?? emptyTally();
    addInto(sum, tally);
    tallies.set(frame.source, sum);
  }
  await addTallies(tx, tallies, nowMs);
  return taken;
}

const repeatOf = (fate: Fate | undefined): Fate =>
  fate === "applied" || fate === "repeat" ? "repeat" : (fate ?? "quarantined");

function conflictOf(event: KeptEvent): Rejected {
  return {
    bytes: bytesOf(event),
    reason: "id_conflict",
    detail:
      "Another event of this source has the same id and says something else; give each event an id of its own.",
    eventId: event.id,
  };
}
