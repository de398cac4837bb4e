import { assert } from "@trato/base";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import type { Learner, Learnt, Reader } from "../linear/learner.ts";
import type { Column, Table } from "../trees/table.ts";
import { checkTrial, type Trial, type Uplift } from "./trial.ts";

const magic = "TrUpliS.";
const version = 1;

/**
 * One model of the outcome with being treated among its columns, asked twice; each fact also stands beside it as it is
 * when treated and nothing otherwise, so that a linear learner too can tell for whom it works.
 *
 * Cost: the learner's, on twice the columns. Source: Künzel et al. 2019. Not with trees when effects are small: they
 * may never ask about the treatment.
 */
export function fitSLearner({ facts, treated, outcome }: Trial, learner: Learner): Uplift {
  checkTrial({ facts, treated, outcome });
  return sLearnerFrom(
    learner(
      withTreated(facts, (row) => treated[row]!),
      { target: outcome },
    ),
  );
}

function withTreated({ rowCount, columns }: Table, treatedOf: (row: number) => number): Table {
  const treated: Column = {
    name: "treated",
    kind: "number",
    values: Float64Array.from({ length: rowCount }, (_, row) => treatedOf(row)),
  };
  const when = columns.map(({ name, kind, values }): Column => {
    // A category keeps 0 for the others, so its own values move up by one.
    const of = (row: number) => (kind === "category" ? values[row]! + 1 : values[row]!);
    return {
      name: `${name} when treated`,
      kind,
      values: Float64Array.from({ length: rowCount }, (_, row) => (treatedOf(row) === 1 ? of(row) : 0)),
    };
  });
  return { rowCount, columns: [...columns, treated, ...when] };
}

function sLearnerFrom(learnt: Learnt): Uplift {
  return {
    effectAll(facts) {
      const left = learnt.predictAll(withTreated(facts, () => 0));
      return learnt.predictAll(withTreated(facts, () => 1)).map((one, row) => one - left[row]!);
    },
    toBytes: () => writeArrays(magic, version, [learnt.toBytes()]),
  };
}

/** Reads what `toBytes` wrote; `read` is the learner's own reader. Throws a plain sentence on anything else. */
export function sLearnerFromBytes(bytes: Uint8Array, read: Reader): Uplift {
  const [learnt] = readArrays(magic, version, bytes);
  assert(learnt instanceof Uint8Array, "an S-learner is one model");
  return sLearnerFrom(read(learnt));
}
