import { assert } from "@trato/base";

/**
 * A binary heap with the worst on top, kept between calls so that choosing allocates nothing but its answer.
 */
export type Top = {
  /** Looks at one more candidate. */
  offer(index: number, score: number): void;
  /** Writes what was kept, best first, into `out`; empties the heap; returns how many there were. */
  take(out: Int32Array): number;
};

/**
 * Keeps the `size` best of the candidates offered: higher score first, equal scores by ascending index.
 * Cost: O(log size) a candidate that enters, one comparison for the others.
 */
export function topOf(size: number): Top {
  assert(Number.isSafeInteger(size) && size > 0, "top of at least one");
  const scores = new Float64Array(size);
  const indexes = new Int32Array(size);
  let held = 0;

  const worse = (a: number, b: number) =>
    scores[a]! < scores[b]! || (scores[a] === scores[b] && indexes[a]! > indexes[b]!);
  const swap = (a: number, b: number) => {
    const score = scores[a]!;
    const index = indexes[a]!;
    scores[a] = scores[b]!;
    indexes[a] = indexes[b]!;
    scores[b] = score;
    indexes[b] = index;
  };
  const sink = () => {
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const right = left + 1;
      let worst = at;
      if (left < held && worse(left, worst)) worst = left;
      if (right < held && worse(right, worst)) worst = right;
      if (worst === at) return;
      swap(at, worst);
      at = worst;
    }
  };
  const rise = () => {
    let at = held - 1;
    while (at > 0 && worse(at, (at - 1) >> 1)) {
      swap(at, (at - 1) >> 1);
      at = (at - 1) >> 1;
    }
  };
  return {
    offer(index, score) {
      if (held < size) {
        scores[held] = score;
        indexes[held++] = index;
        rise();
      } else if (score > scores[0]! || (score === scores[0] && index < indexes[0]!)) {
        scores[0] = score;
        indexes[0] = index;
        sink();
      }
    },
    take(out) {
      const count = held;
      assert(out.length >= count, "the top fits into out");
      while (held > 0) {
        held--;
        out[held] = indexes[0]!;
        scores[0] = scores[held]!;
        indexes[0] = indexes[held]!;
        sink();
      }
      return count;
    },
  };
}
