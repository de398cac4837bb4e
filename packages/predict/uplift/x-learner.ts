import { assert } from "@trato/base";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import type { Learner, Learnt, Reader } from "../linear/learner.ts";
import { checkTrial, groupOf, type Trial, type Uplift } from "./trial.ts";

const magic = "TrUpliX.";
const version = 1;

/**
 * Each one's missing outcome is filled in from the other group's model; the differences are learnt in both groups, and
 * the two answers weigh as the groups' shares say: the smaller group profits from the larger one's model.
 *
 * `outcome` learns outcomes (chances or means), `effect` the differences, which may be negative: a learner of means.
 * Cost: both, twice. Source: Künzel et al. 2019. Not for a handful of treated.
 */
export function fitXLearner(
  trial: Trial,
  learners: { readonly outcome: Learner; readonly effect: Learner },
): Uplift {
  checkTrial(trial);
  const [treated, left] = [groupOf(trial, 1), groupOf(trial, 0)];
  const ofTreated = learners.outcome(treated.facts, { target: treated.outcome });
  const ofLeft = learners.outcome(left.facts, { target: left.outcome });
  const gained = ofLeft.predictAll(treated.facts).map((other, row) => treated.outcome[row]! - other);
  const missed = ofTreated.predictAll(left.facts).map((other, row) => other - left.outcome[row]!);
  return xLearnerFrom({
    amongTreated: learners.effect(treated.facts, { target: gained }),
    amongLeft: learners.effect(left.facts, { target: missed }),
    treatedShare: treated.outcome.length / trial.outcome.length,
  });
}

type XParts = { readonly amongTreated: Learnt; readonly amongLeft: Learnt; readonly treatedShare: number };

function xLearnerFrom({ amongTreated, amongLeft, treatedShare }: XParts): Uplift {
  return {
    effectAll(facts) {
      // Those left alone were filled in from the treated's model: it counts as much as there were treated.
      const fromLeft = amongLeft.predictAll(facts);
      return amongTreated
        .predictAll(facts)
        .map((one, row) => (1 - treatedShare) * one + treatedShare * fromLeft[row]!);
    },
    toBytes: () =>
      writeArrays(magic, version, [
        amongTreated.toBytes(),
        amongLeft.toBytes(),
        Float64Array.of(treatedShare),
      ]),
  };
}

/** Reads what `toBytes` wrote; `read` is the reader of the effect's learner. Throws a plain sentence on anything else. */
export function xLearnerFromBytes(bytes: Uint8Array, read: Reader): Uplift {
  const [treated, left, share] = readArrays(magic, version, bytes);
  assert(treated instanceof Uint8Array && left instanceof Uint8Array, "an X-learner is two models");
  assert(
    share instanceof Float64Array && share[0]! > 0 && share[0]! < 1,
    "an X-learner knows the treated's share",
  );
  return xLearnerFrom({ amongTreated: read(treated), amongLeft: read(left), treatedShare: share[0]! });
}
