import { assert } from "@trato/base";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import type { Learner, Learnt, Reader } from "../linear/learner.ts";
import { checkTrial, groupOf, type Trial, type Uplift } from "./trial.ts";

const magic = "TrUpliT.";
const version = 1;

/**
 * Two models: the outcome of the treated and of those left alone, each learnt on its own; uplift is their difference.
 *
 * Cost: the learner's. Source: Künzel et al., "Metalearners for estimating heterogeneous treatment effects", 2019.
 * Not when one group is much smaller (see x-learner.ts), nor when treating changes little of a large outcome: the
 * models' own faults then exceed it.
 */
export function fitTLearner(trial: Trial, learner: Learner): Uplift {
  checkTrial(trial);
  const learn = (group: 0 | 1) => {
    const { facts, outcome } = groupOf(trial, group);
    return learner(facts, { target: outcome });
  };
  return tLearnerFrom(learn(1), learn(0));
}

function tLearnerFrom(whenTreated: Learnt, whenLeft: Learnt): Uplift {
  return {
    effectAll(facts) {
      const left = whenLeft.predictAll(facts);
      return whenTreated.predictAll(facts).map((one, row) => one - left[row]!);
    },
    toBytes: () => writeArrays(magic, version, [whenTreated.toBytes(), whenLeft.toBytes()]),
  };
}

/** Reads what `toBytes` wrote; `read` is the learner's own reader. Throws a plain sentence on anything else. */
export function tLearnerFromBytes(bytes: Uint8Array, read: Reader): Uplift {
  const [treated, left] = readArrays(magic, version, bytes);
  assert(treated instanceof Uint8Array && left instanceof Uint8Array, "a T-learner is two models");
  return tLearnerFrom(read(treated), read(left));
}
