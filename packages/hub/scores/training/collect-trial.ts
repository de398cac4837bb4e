/** That somebody was decided for, and in which arm chance had put them. */
export type Chosen = {
  readonly personId: string;
  readonly arm: "treated" | "holdout";
  /** Their first decision in that arm, of those that are kept. */
  readonly firstMs: number;
};

/** By person of the orders, in shared memory. */
export type Trial = {
  /** 1 treated, 0 kept out, -1 neither: never decided for, or known as two people who were in both. */
  readonly armOf: Int32Array;
  /** When they were first decided for; Infinity for who is in neither. */
  readonly firstMs: Float64Array;
};

const [neither, mixed] = [-1, -2];

/** Reads in which arm these persons were, in any sequence. Cost: one pass, 12 bytes a person. */
export async function collectTrial(
  pages: AsyncIterable<readonly Chosen[]>,
  personIds: readonly string[],
  signal?: AbortSignal,
): Promise<Trial> {
  const armOf = new Int32Array(new SharedArrayBuffer(4 * personIds.length)).fill(neither);
  const firstMs = new Float64Array(new SharedArrayBuffer(8 * personIds.length)).fill(Infinity);
  const numbers = new Map(personIds.map((id, person) => [id, person]));
  for await (const page of pages) {
    signal?.throwIfAborted();
    for (const chosen of page) {
      const person = numbers.get(chosen.personId);
      if (person === undefined) continue;
      const arm = chosen.arm === "treated" ? 1 : 0;
      const known = armOf[person]!;
      armOf[person] = known === neither || known === arm ? arm : mixed;
      firstMs[person] = Math.min(firstMs[person]!, chosen.firstMs);
    }
  }
  for (const [person, arm] of armOf.entries()) {
    if (arm !== mixed) continue;
    armOf[person] = neither;
    firstMs[person] = Infinity;
  }
  return { armOf, firstMs };
}
