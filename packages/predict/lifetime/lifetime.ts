import { assert } from "@trato/base";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import { type BetaGeometric, betaGeometricRules } from "./beta-geometric.ts";
import { type Buyer, checkBuyer } from "./buyers.ts";
import { meanOfTails } from "./count-tails.ts";
import { type Likeliest, parameterInterval } from "./likelihood.ts";
import { type ParetoNbd, paretoNbdRules } from "./pareto-nbd.ts";

/** How many purchases: the mean and the points that hold `level` of the chance between them. */
export type Purchase = { mean: number; low: number; median: number; high: number };

/**
 * A model of buyers who come at a rate of their own and at some time, unseen, never again. Times and horizons are
 * in the unit of the buyers it was fitted on.
 */
export type Lifetime = {
  readonly kind: Kind;
  /** By name, as in the papers. */
  readonly parameters: Readonly<Record<string, number>>;
  readonly lnLikelihood: number;
  /** The interval of each parameter; `undefined` where the data do not determine it. */
  parameterInterval(name: string, level?: number): { low: number; high: number } | undefined;
  /** The chance that the buyer will ever come again, at the end of what was seen. */
  alive(buyer: Buyer): number;
  /** Days with a purchase expected within the horizon. A newcomer has repeats, recency and age 0. */
  expected(buyer: Buyer, horizon: number): number;
  /** The chance of at least one, at least two, … purchase days within the horizon, until it is negligible. */
  chances(buyer: Buyer, horizon: number): Float64Array;
  toBytes(): Uint8Array;
};

/** `k` is the regularity: intervals are Erlang-k, 1 is chance alone. */
export type Kind =
  | { readonly name: "bg-nbd" | "mbg-nbd"; readonly k: number }
  | { readonly name: "pareto-nbd" };

/** What a kind of model must be able to say. */
export type Rules = Pick<Lifetime, "alive" | "chances"> & { expected?: Lifetime["expected"] };

const magic = "TrLifetm";
const version = 1;
const names = ["bg-nbd", "mbg-nbd", "pareto-nbd"] as const;
const parameterNames = {
  "bg-nbd": ["r", "alpha", "a", "b"],
  "mbg-nbd": ["r", "alpha", "a", "b"],
  "pareto-nbd": ["r", "alpha", "s", "beta"],
} as const;

/** The model of these parameters, in the sequence of their names. */
export function lifetimeFrom(kind: Kind, { at, lnLikelihood, lnErrors }: Likeliest): Lifetime {
  assert(at.length === 4 && lnErrors.length === 4, "a lifetime has four parameters");
  assert(
    at.every((value) => value > 0 && value < Number.POSITIVE_INFINITY),
    "a lifetime's parameters are above 0",
  );
  const named = parameterNames[kind.name];
  const rules = rulesOf(kind, at);
  const checked = (buyer: Buyer, horizon = 0) => {
    checkBuyer(buyer);
    assert(horizon >= 0 && horizon < Number.POSITIVE_INFINITY, "a horizon is 0 or more");
    return buyer;
  };
  return {
    kind,
    parameters: Object.fromEntries(named.map((name, i) => [name, at[i]!])),
    lnLikelihood,
    parameterInterval(name, level = 0.95) {
      const i = (named as readonly string[]).indexOf(name);
      assert(i >= 0, `a parameter is one of ${named.join(", ")}`);
      return parameterInterval(at[i]!, lnErrors[i]!, level);
    },
    alive: (buyer) => rules.alive(checked(buyer)),
    chances: (buyer, horizon) => rules.chances(checked(buyer, horizon), horizon),
    expected: (buyer, horizon) =>
      rules.expected?.(checked(buyer, horizon), horizon) ??
      meanOfTails(rules.chances(checked(buyer, horizon), horizon)),
    toBytes() {
      const head = Int32Array.of(names.indexOf(kind.name), "k" in kind ? kind.k : 1);
      return writeArrays(magic, version, [head, at, lnErrors, Float64Array.of(lnLikelihood)]);
    },
  };
}

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export function lifetimeFromBytes(bytes: Uint8Array): Lifetime {
  const [head, at, lnErrors, ln] = readArrays(magic, version, bytes);
  assert(head instanceof Int32Array && head.length === 2, "a lifetime's head is its kind");
  assert(
    at instanceof Float64Array && lnErrors instanceof Float64Array && ln instanceof Float64Array,
    "a lifetime's arrays are doubles",
  );
  const name = names[head[0]!];
  const k = head[1]!;
  assert(name !== undefined && k >= 1 && ln.length === 1, "a lifetime is of a kind that is known");
  const kind: Kind = name === "pareto-nbd" ? { name } : { name, k };
  return lifetimeFrom(kind, { at, lnErrors, lnLikelihood: ln[0]! });
}

function rulesOf(kind: Kind, at: Float64Array): Rules {
  const [r, alpha, third, fourth] = at as unknown as readonly [number, number, number, number];
  if (kind.name === "pareto-nbd")
    return paretoNbdRules({ r, alpha, s: third, beta: fourth } satisfies ParetoNbd);
  const shape: BetaGeometric = {
    r,
    alpha,
    a: third,
    b: fourth,
    k: kind.k,
    mayLeaveAtOnce: kind.name === "mbg-nbd",
  };
  return betaGeometricRules(shape);
}

/**
 * How many purchases a buyer makes within the horizon: the mean, the median, and the interval that holds a share
 * `level` (default 80 %) of the chance, ends included. Whole numbers, so it often holds more.
 */
export function purchasesOf(lifetime: Lifetime, buyer: Buyer, horizon: number, level = 0.8): Purchase {
  assert(level > 0 && level < 1, "a level is between 0 and 1");
  const chances = lifetime.chances(buyer, horizon);
  // The smallest count that is not exceeded with this chance.
  const below = (share: number) => {
    const count = chances.findIndex((atLeast) => 1 - atLeast >= share);
    return count === -1 ? chances.length : count;
  };
  return {
    mean: lifetime.expected(buyer, horizon),
    low: below((1 - level) / 2),
    median: below(0.5),
    high: below((1 + level) / 2),
  };
}
