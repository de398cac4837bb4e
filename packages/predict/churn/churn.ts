import { assert, dayMs } from "@trato/base";
import { type Baskets, checkBaskets, lastTimeMs } from "../arrays/baskets.ts";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import { type ChanceModel, type ChanceOptions, chanceFromBytes, fitChance } from "../trees/chance-model.ts";
import type { Table } from "../trees/table.ts";
import { personTable } from "./person-table.ts";

export type ChurnOptions = ChanceOptions & {
  /** The end of what was seen; later baskets are left out. Default: the latest basket. */
  readonly untilMs?: number;
  /** Whoever orders within this time has come back; default 90 days. */
  readonly horizonMs?: number;
  /** Moments of the past at which everybody is looked at, a horizon apart; default 3. */
  readonly moments?: number;
};

/** The chance that a person orders again within the horizon. */
export type Churn = {
  readonly horizonMs: number;
  /** For a row of `personTable`; its columns are `personColumns`. */
  returns(row: ArrayLike<number>): number;
  /** Each column's share of the log-odds, added to `out`; returns the base. */
  parts(row: ArrayLike<number>, out: Float64Array): number;
  toBytes(): Uint8Array;
};

const magic = "TrChurnB";
const version = 1;

/**
 * Looks at everybody at several moments of the past, and learns from who ordered within the horizon after
 * each: boosted trees over how recently, how often and how regularly somebody bought.
 *
 * Cost: a pass over the baskets a moment, then `fitChance`. Source: the columns are those of Fader and
 * Hardie's models (recency, frequency) and what regularity adds (Platzer 2016). Not for how much somebody is
 * worth, nor for when they come: see `lifetime` and `rhythm`. Throws when no moment has an order on either side.
 */
export function fitChurn(baskets: Baskets, options: ChurnOptions = {}): Churn {
  checkBaskets(baskets);
  const { untilMs: until, horizonMs = 90 * dayMs, moments = 3, ...rest } = options;
  assert(horizonMs > 0 && Number.isInteger(moments) && moments >= 1, "horizonMs is above 0, moments from 1");
  const untilMs = until ?? (baskets.timeOfBasket.length === 0 ? 0 : lastTimeMs(baskets) + 1);
  const tables: Table[] = [];
  const came: number[] = [];
  for (let moment = 1; moment <= moments; moment++) {
    const nowMs = untilMs - moment * horizonMs;
    const { persons, table } = personTable(baskets, nowMs);
    if (table.rowCount === 0) break;
    tables.push(table);
    const back = whoOrdered(baskets, nowMs, nowMs + horizonMs);
    for (const person of persons) came.push(back[person]!);
  }
  assert(tables.length > 0, "somebody ordered before the last horizon; take a shorter one");
  const defaults = { rounds: 150, rate: 0.05, leavesMax: 8, rowShare: 0.7, columnShare: 0.7, l2: 5 };
  return churnFrom(fitChance(stacked(tables), came, { ...defaults, ...rest }), horizonMs);
}

/** 1 for each person with an order in [from, to). */
function whoOrdered(
  { personCount, personOfBasket, timeOfBasket }: Baskets,
  fromMs: number,
  toMs: number,
): Uint8Array {
  const ordered = new Uint8Array(personCount);
  for (let b = 0; b < personOfBasket.length; b++) {
    if (timeOfBasket[b]! >= fromMs && timeOfBasket[b]! < toMs) ordered[personOfBasket[b]!] = 1;
  }
  return ordered;
}

function stacked(tables: readonly Table[]): Table {
  const rowCount = tables.reduce((sum, table) => sum + table.rowCount, 0);
  const columns = tables[0]!.columns.map((column, at) => {
    const values = new Float64Array(rowCount);
    let row = 0;
    for (const table of tables) {
      values.set(table.columns[at]!.values, row);
      row += table.rowCount;
    }
    return { ...column, values };
  });
  return { rowCount, columns };
}

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export function churnFromBytes(bytes: Uint8Array): Churn {
  const [head, model, ...rest] = readArrays(magic, version, bytes);
  const right = head instanceof Float64Array && head.length === 1 && model instanceof Uint8Array;
  assert(right && rest.length === 0, "a churn model has a horizon and a chance");
  return churnFrom(chanceFromBytes(model), head[0]!);
}

function churnFrom(model: ChanceModel, horizonMs: number): Churn {
  return {
    horizonMs,
    returns: model.chance,
    parts: model.parts,
    toBytes: () => writeArrays(magic, version, [Float64Array.of(horizonMs), model.toBytes()]),
  };
}
