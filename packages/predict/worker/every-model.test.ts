import assert from "node:assert/strict";
import { test } from "node:test";
import * as door from "../index.ts";
import { modelCases } from "../testing/model-cases.ts";
import { type Kept, type ModelKind, type ModelName, models } from "./models.ts";

type AnyCase = { given: readonly unknown[]; nothing: readonly unknown[]; refuses?: RegExp };

const names = Object.keys(models) as ModelName[];
const kindOf = (name: ModelName) => models[name] as ModelKind<unknown[], Kept>;
const caseOf = (name: ModelName) => modelCases[name] as AnyCase;

for (const name of names) {
  const { fit, fromBytes } = kindOf(name);
  const { given, nothing, refuses } = caseOf(name);

  test(`${name}: fits something tiny, the same in another thread's copy, and its bytes bring it back bit for bit`, () => {
    const copied = structuredClone(given);
    const bytes = fit(...given).toBytes();
    assert.deepEqual(given, copied, "the data are left as they were");
    assert.deepEqual(fit(...copied).toBytes(), bytes);
    assert.deepEqual(fromBytes(bytes).toBytes(), bytes);
    assert.deepEqual(fromBytes(structuredClone(bytes)).toBytes(), bytes);
    assert.throws(() => fromBytes(new Uint8Array(64)), /Expected/);
    assert.throws(() => fromBytes(bytes.slice(0, -8)), /./);
  });

  test(`${name}: of data that say nothing it ${refuses === undefined ? "makes its fallback" : "says why not"}`, () => {
    if (refuses !== undefined) return assert.throws(() => fit(...nothing), refuses);
    const bytes = fit(...nothing).toBytes();
    assert.deepEqual(fromBytes(bytes).toBytes(), bytes);
  });
}

test("every fit that the package offers has its name here, learners and parts of others apart", () => {
  const known = new Set<unknown>(names.map((name) => models[name].fit));
  const byName = ["fitSLearner", "fitTLearner", "fitXLearner", "fitDiscreteHazard"];
  const noModels = ["fitChosen", "fitInWorker", "fitOrthogonal", "fitPersonMean"];
  const left = Object.entries(door).filter(([name, value]) => /^fit[A-Z]/.test(name) && !known.has(value));
  assert.deepEqual(left.map(([name]) => name).sort(), [...byName, ...noModels].sort());
});

test("what has a progress stops when progress throws", () => {
  const told = names.filter((name) => {
    const { fit, dataCount } = kindOf(name);
    const { given } = caseOf(name);
    let calls = 0;
    const progress = (): void => {
      calls++;
      throw new Error("enough");
    };
    const data = Array.from({ length: dataCount }, (_, at) => given[at]);
    try {
      fit(...data, { ...(given[dataCount] as object | undefined), progress });
    } catch (cause) {
      assert.match(String(cause), /enough/, name);
    }
    return calls === 1;
  });
  const long = [
    "ease",
    "prunedEase",
    "rp3beta",
    "graphFilter",
    "ials",
    "nextItem",
    "trees",
    "chance",
    "intent",
  ];
  assert.deepEqual(told, [...long, "churn", "boosted"]);
});
