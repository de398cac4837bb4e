import { assert } from "@trato/base";

/**
 * Where a unit can be, in the books of one item at one place. `outside` is everything that is not ours to promise:
 * suppliers, customers, and what a count finds or misses. `short` is a debt: so many more were promised than are there.
 */
export const buckets = ["outside", "free", "held", "allocated", "short", "incoming", "transit"] as const;
export type Bucket = (typeof buckets)[number];

/** Why something moved. */
export const reasons = [
  ...(["count", "delta", "receipt", "return", "expected"] as const),
  ...(["hold", "release", "expire", "allocate", "deallocate", "ship"] as const),
  ...(["transfer", "lost"] as const),
] as const;
export type Reason = (typeof reasons)[number];

export type Pair = { readonly sku: string; readonly placeId: string };

/** One item at one place: what is in each bucket, what is kept back, and when it was last counted and moved. */
export type Level = Pair & {
  free: number;
  held: number;
  allocated: number;
  short: number;
  incoming: number;
  transit: number;
  safety: number;
  buffers: Readonly<Record<string, number>> | null;
  countedMs: number | null;
  movedMs: number;
};

export type Why = {
  readonly reason: Reason;
  /** The hold, order or transfer it was for. */
  readonly ref: string | null;
  readonly commandId: string | null;
  readonly atMs: number;
};
export type Movement = Pair & Why & { readonly from: Bucket; readonly to: Bucket; readonly quantity: number };

/** Levels as they are while movements are planned; what was planned is in `movements`, in order. */
export type Sheet = { readonly levels: Map<string, Level>; readonly movements: Movement[] };

export const pairKey = ({ sku, placeId }: Pair): string => `${sku}\n${placeId}`;

/** Each item and place once, and nothing else of what was handed in. */
export function distinctPairs(pairs: readonly Pair[]): Pair[] {
  return [
    ...new Map(pairs.map((pair) => [pairKey(pair), { sku: pair.sku, placeId: pair.placeId }])).values(),
  ];
}

export function emptyLevel({ sku, placeId }: Pair): Level {
  const none = { free: 0, held: 0, allocated: 0, short: 0, incoming: 0, transit: 0, safety: 0 };
  return { sku, placeId, ...none, buffers: null, countedMs: null, movedMs: 0 };
}

/** A sheet to plan on; the levels handed in are not changed. */
export function openSheet(levels: Iterable<Level>): Sheet {
  const own = new Map<string, Level>();
  for (const level of levels) own.set(pairKey(level), { ...level });
  return { levels: own, movements: [] };
}

/** What is physically there, or was sold from under our eyes: negative when more left than was ever counted. */
export const onHandOf = (level: Level): number => level.free + level.held + level.allocated - level.short;

const signOf: Readonly<Record<Bucket, number>> = {
  ...{ outside: 0, free: 1, held: 1, allocated: 1, incoming: 1, transit: 1 },
  short: -1,
};

/** True when goods come or go by it, otherwise than by a count: a later count of an earlier instant must add it. */
export const changesOnHand = ({ from, to, reason }: Pick<Movement, "from" | "to" | "reason">): boolean => {
  const isThere = (bucket: Bucket) => bucket !== "outside" && bucket !== "incoming" && bucket !== "transit";
  return reason !== "count" && isThere(from) !== isThere(to);
};

/** Plans one movement. Throws when a bucket would go below nothing: the plan is wrong, and nothing is written. */
export function post(sheet: Sheet, movement: Movement): void {
  const { from, to, quantity } = movement;
  if (quantity === 0) return;
  assert(Number.isSafeInteger(quantity) && quantity > 0, "a movement moves a whole number of units");
  const level = sheet.levels.get(pairKey(movement));
  assert(level !== undefined, "a movement touches a level that was read");
  if (from !== "outside") level[from] -= quantity * signOf[from];
  if (to !== "outside") level[to] += quantity * signOf[to];
  assert(
    level.free >= 0 && level.held >= 0 && level.allocated >= 0 && level.short >= 0,
    "nothing is promised twice",
  );
  assert(level.incoming >= 0 && level.transit >= 0, "nothing arrives twice");
  assert(level.free === 0 || level.short === 0, "a debt is paid before anything is free");
  if (changesOnHand(movement)) level.movedMs = Math.max(level.movedMs, movement.atMs);
  sheet.movements.push(movement);
}

/** Units that become free: first they pay what is short. */
export function putBack(sheet: Sheet, movement: Omit<Movement, "to">): void {
  const { short } = sheet.levels.get(pairKey(movement)) ?? { short: 0 };
  const owed = Math.min(short, movement.quantity);
  post(sheet, { ...movement, to: "short", quantity: owed });
  post(sheet, { ...movement, to: "free", quantity: movement.quantity - owed });
}

/** Units that are gone, whether they were free or not: what was not free is short from now on. */
export function takeOut(sheet: Sheet, movement: Omit<Movement, "from">): void {
  const { free } = sheet.levels.get(pairKey(movement)) ?? { free: 0 };
  const there = Math.min(free, movement.quantity);
  post(sheet, { ...movement, from: "free", quantity: there });
  post(sheet, { ...movement, from: "short", quantity: movement.quantity - there });
}

/** What a channel may still promise: a buffer of its own counts instead of the safety buffer. Never below nothing. */
export function availableOf(
  level: Pick<Level, "free" | "safety" | "buffers">,
  channel: string | undefined,
): number {
  return Math.max(0, level.free - bufferOf(level, channel));
}

function bufferOf(
  { safety, buffers }: Pick<Level, "safety" | "buffers">,
  channel: string | undefined,
): number {
  if (channel === undefined || buffers === null || !Object.hasOwn(buffers, channel)) return safety;
  return buffers[channel]!;
}

/** A level as it is once holds over so many units have expired. */
export function afterExpiry(level: Level, units: number): Level {
  const owed = Math.min(level.short, units);
  return { ...level, held: level.held - units, short: level.short - owed, free: level.free + units - owed };
}
