/** Stops the request or job with the broken invariant named: a wrong answer is worse than no answer. */
export function assert(condition: unknown, invariant: string): asserts condition {
  if (!condition) throw new Error(`Invariant broken: ${invariant}`);
}

/** For the default branch of a switch over a closed set: a new member that nobody handles does not compile. */
export function unreachable(value: never): never {
  throw new Error(`Invariant broken: unexpected ${JSON.stringify(value)}`);
}
