import { assert } from "@trato/base";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import type { Learner, Learnt, Reader } from "../linear/learner.ts";
import type { Column, Table } from "../trees/table.ts";
import { checkLives, type Lives, livesOf } from "./lives.ts";
import type { Survival } from "./remaining.ts";

/**
 * The chance to fail in the next period, given having come so far, learnt by any learner of chances from one row per
 * life and period: with age and use among the columns, factors may change with either. `fitLogistic` makes it the
 * classic model; boosted trees make it find bends and interactions by itself.
 *
 * Cost: the learner's, on lives × periods rows. Source: Singer, Willett, "It's about time", 1993. Not for periods so
 * long that most fail within one, nor beyond the last period: there the last one's chance goes on.
 */
export type DiscreteHazard = {
  /** The chance to fail in each period, one after the other, of a row of facts. */
  chancesOf(row: ArrayLike<number>, usePerUnit?: number): Float64Array;
  /** Between the ends of periods, failures come evenly (at one hazard). */
  survivalOf(row: ArrayLike<number>, usePerUnit?: number): Survival;
  toBytes(): Uint8Array;
};

export type DiscreteHazardOptions = {
  /** The age at which each period ends, ascending, from above 0. */
  readonly periodEnds: ArrayLike<number>;
  readonly learner: Learner;
  /** How much each life uses per unit of age; adds a column "at use". Default none. */
  readonly usePerUnit?: Float64Array;
};

const magic = "TrDisHaz";
const version = 1;

/**
 * Fits. A life counts in every period that it was there for from beginning to end, and in the one in which it failed;
 * a period in which it was merely last seen is left out. Throws when nothing failed within the periods.
 */
export function fitDiscreteHazard(
  lives: Lives,
  facts: Table,
  options: DiscreteHazardOptions,
): DiscreteHazard {
  checkLives(lives);
  const { learner, usePerUnit } = options;
  const ends = Float64Array.from(options.periodEnds);
  checkEnds(ends);
  assert(facts.rowCount === lives.end.length, "every life has a row of facts");
  assert(
    usePerUnit === undefined || usePerUnit.length === facts.rowCount,
    "every life has its use, or none has",
  );
  const [lifeOf, periodOf, target, weights]: [number[], number[], number[], number[]] = [[], [], [], []];
  for (let i = 0; i < lives.end.length; i++) {
    for (let period = 0; period < ends.length; period++) {
      const from = ends[period - 1] ?? 0;
      if ((lives.start?.[i] ?? 0) > from) continue;
      const isLast = lives.end[i]! <= ends[period]!;
      if (isLast && lives.failed[i] === 0 && lives.end[i]! < ends[period]!) break;
      lifeOf.push(i);
      periodOf.push(period);
      target.push(isLast ? lives.failed[i]! : 0);
      weights.push(livesOf(lives, i));
      if (isLast) break;
    }
  }
  if (!target.includes(1)) throw new Error("Nothing failed within the periods: there is no hazard to learn.");
  const columns = facts.columns.map(({ name, kind, values }) => ({
    name,
    kind,
    values: Float64Array.from(lifeOf, (life) => values[life]!),
  }));
  const rates = usePerUnit === undefined ? undefined : Float64Array.from(lifeOf, (life) => usePerUnit[life]!);
  const table = withAge(columns, Int32Array.from(periodOf), ends, rates);
  const learnt = learner(table, { target: Float64Array.from(target), weights: Float64Array.from(weights) });
  return discreteHazardFrom(learnt, facts.columns, ends, usePerUnit !== undefined);
}

function checkEnds(ends: Float64Array): void {
  assert(ends.length > 0 && ends.length <= 10_000, "there are 1 to 10,000 periods");
  for (const [i, end] of ends.entries())
    assert(end > (ends[i - 1] ?? 0), "periods end one after the other, above 0");
}

/** Facts, and beside them age (as it is and its logarithm, which linear learners need) and use at a period's end. */
function withAge(
  columns: readonly Column[],
  periodOf: Int32Array,
  ends: Float64Array,
  rates: Float64Array | undefined,
): Table {
  const ages = Float64Array.from(periodOf, (period) => ends[period]!);
  const number = (name: string, values: Float64Array): Column => ({ name, kind: "number", values });
  const added = [number("at age", ages), number("at ln age", ages.map(Math.log))];
  if (rates !== undefined)
    added.push(
      number(
        "at use",
        ages.map((age, i) => age * rates[i]!),
      ),
    );
  return { rowCount: periodOf.length, columns: [...columns, ...added] };
}

function discreteHazardFrom(
  learnt: Learnt,
  facts: readonly Pick<Column, "name" | "kind">[],
  ends: Float64Array,
  hasUse: boolean,
): DiscreteHazard {
  const periods = Int32Array.from(ends.keys());
  const chancesOf = (row: ArrayLike<number>, usePerUnit?: number) => {
    assert(row.length === facts.length, `a row has ${facts.length} values`);
    assert(
      hasUse === (usePerUnit !== undefined),
      hasUse ? "this hazard depends on use" : "this hazard knows no use",
    );
    const columns = facts.map(({ name, kind }, c) => ({
      name,
      kind,
      values: new Float64Array(ends.length).fill(row[c]!),
    }));
    const rates = usePerUnit === undefined ? undefined : new Float64Array(ends.length).fill(usePerUnit);
    return learnt.predictAll(withAge(columns, periods, ends, rates));
  };
  return {
    chancesOf,
    survivalOf(row, usePerUnit) {
      const chances = chancesOf(row, usePerUnit);
      const alive = new Float64Array(ends.length + 1).fill(1);
      for (const [p, chance] of chances.entries()) alive[p + 1] = alive[p]! * (1 - chance);
      return (age) => {
        let period = 0;
        while (period < ends.length - 1 && ends[period]! < age) period++;
        const from = ends[period - 1] ?? 0;
        const part = Math.max(0, (age - from) / (ends[period]! - from));
        return alive[period]! * (1 - chances[period]!) ** part;
      };
    },
    toBytes() {
      const head = new TextEncoder().encode(
        JSON.stringify({ facts: facts.map(({ name, kind }) => ({ name, kind })), hasUse }),
      );
      return writeArrays(magic, version, [head, ends, learnt.toBytes()]);
    },
  };
}

/** Reads what `toBytes` wrote; `read` is the learner's own reader. Throws a plain sentence on anything else. */
export function discreteHazardFromBytes(bytes: Uint8Array, read: Reader): DiscreteHazard {
  const [head, ends, learnt] = readArrays(magic, version, bytes);
  assert(
    head instanceof Uint8Array && ends instanceof Float64Array,
    "a discrete hazard has its columns and periods",
  );
  assert(learnt instanceof Uint8Array, "a discrete hazard has a model of chances");
  checkEnds(ends);
  const { facts, hasUse } = JSON.parse(new TextDecoder().decode(head)) as {
    facts: Pick<Column, "name" | "kind">[];
    hasUse: boolean;
  };
  return discreteHazardFrom(read(learnt), facts, ends, hasUse);
}
