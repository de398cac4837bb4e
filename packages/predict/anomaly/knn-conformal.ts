import { assert } from "@trato/base";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import { choleskyOf } from "../numbers/cholesky.ts";
import type { Detector } from "./detector.ts";

export type KnnConformalOptions = {
  /** Values that only teach, and of which as many older ones are compared with; default 300. */
  readonly warmupRows?: number;
  /** Values in a stretch that is compared; default 19. */
  readonly length?: number;
  /** Nearest stretches whose distances add up; default 27. */
  readonly neighbours?: number;
};

const magic = "TrKnnCad";
const version = 1;
/** So small a share of former distances above the present one scores 0.5: that of the source's threshold, 0.9965. */
const tail = 0.0035;

/**
 * Each value with those before it is a stretch; how far it is from its nearest former stretches is compared with how
 * far stretches were before: the smaller the share that was further, the stranger. Distances are Mahalanobis', by what
 * the stretches vary along anyway.
 *
 * Cost: warmupRows × length a value; twice in `warmupRows` values that times `length`. Source: Burnaev and Ishimtsev,
 * "Conformalized density- and distance-based anomaly detection in time-series data", 2016 (KNN-CAD), without its rest,
 * which `watch` keeps. Not for a slow drift: the stretches of a while ago drift along.
 */
export function knnConformal(options: KnnConformalOptions = {}): Detector {
  const { warmupRows = 300, length = 19, neighbours = 27 } = options;
  assert(Number.isInteger(length) && length >= 1 && length <= 200, "length is 1 to 200");
  assert(Number.isInteger(neighbours) && neighbours >= 1, "neighbours are whole, from 1");
  assert(
    Number.isInteger(warmupRows) && warmupRows >= 2 && warmupRows <= 100_000,
    "warmupRows is 2 to 100,000",
  );
  assert(warmupRows >= length + neighbours + 1, "the warm-up holds more stretches than neighbours");
  return detectorFrom({
    head: Float64Array.of(warmupRows, length, neighbours, 0),
    values: new Float64Array(2 * warmupRows),
    distances: new Float64Array(warmupRows - length),
    root: identity(length),
  });
}

/** `head`: warm-up, length, neighbours, values so far. `values`: the latest 2 × warm-up. `distances`: oldest first. */
type State = {
  readonly head: Float64Array;
  readonly values: Float64Array;
  readonly distances: Float64Array;
  readonly root: Float64Array;
};

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export function knnConformalFromBytes(bytes: Uint8Array): Detector {
  const arrays = readArrays(magic, version, bytes);
  assert(
    arrays.length === 4 && arrays.every((array) => array instanceof Float64Array),
    "a conformal detector is four arrays of doubles",
  );
  const [head, values, distances, root] = arrays.map((array) => array.slice()) as Float64Array[];
  const [warmupRows = 0, length = 0] = head!;
  const right = values!.length === 2 * warmupRows && root!.length === length ** 2;
  assert(right && distances!.length === warmupRows - length, "its arrays are as long as its head says");
  return detectorFrom({ head: head!, values: values!, distances: distances!, root: root! });
}

function detectorFrom(state: State): Detector {
  const { head, values, distances, root } = state;
  const [warmupRows] = head as unknown as [number];
  const known = distances.length;
  const former = formerStretches(state);
  if (head[3]! >= warmupRows) former.gather();
  return {
    next(value) {
      if (Number.isNaN(value)) return 0;
      values.copyWithin(0, 1);
      values[values.length - 1] = value;
      const seen = ++head[3]!;
      if (seen < warmupRows) return 0;
      if (seen % warmupRows === 0 || seen % warmupRows === warmupRows >> 1) former.learnRoot();
      else if (seen > 2 * warmupRows) former.follow();
      if (seen === warmupRows) {
        for (let n = 0; n < known; n++) distances[known - 1 - n] = former.distanceOf(former.rowOf(n), 1);
      }
      const distance = former.distanceOf(former.latest(), 0);
      let above = 0;
      for (const one of distances) if (one >= distance) above++;
      distances.copyWithin(0, 1);
      distances[known - 1] = distance;
      return tail / (tail + above / known);
    },
    toBytes: () => writeArrays(magic, version, [head, values, distances, root]),
  };
}

/** The stretches that are compared with, each multiplied by the inverse of the root: plain distances are Mahalanobis'. */
function formerStretches({ head, values, distances, root }: State) {
  const [warmupRows, length, neighbours] = head as unknown as [number, number, number];
  const known = distances.length;
  const rows = new Float64Array(known * length);
  const own = new Float64Array(length);
  const apart = new Float64Array(known);
  const rowOf = (n: number) => rows.subarray(n * length, (n + 1) * length);
  /** How many values ago the newest of them ended: those since are compared, but not with. */
  const newestAgo = () => Math.min(head[3]! - warmupRows, warmupRows) + 1;

  /** Writes the stretch that ended `ago` values before the latest. */
  const stretch = (ago: number, out: Float64Array): Float64Array => {
    const from = values.length - ago - length;
    for (let i = 0; i < length; i++) {
      let sum = values[from + i]!;
      for (let k = 0; k < i; k++) sum -= root[i * length + k]! * out[k]!;
      out[i] = sum / root[i * length + i]!;
    }
    return out;
  };
  const gather = (): void => {
    for (let n = 0; n < known; n++) stretch(newestAgo() + n, rowOf(n));
  };
  return {
    rowOf,
    gather,
    latest: () => stretch(0, own),
    /** The newest comes, the oldest goes. */
    follow(): void {
      rows.copyWithin(length, 0);
      stretch(newestAgo(), rowOf(0));
    },
    /** The sum of the nearest squared distances; `itself` is 1 for one of them, which is 0 away from itself. */
    distanceOf(one: Float64Array, itself: number): number {
      for (let n = 0; n < known; n++) {
        let sum = 0;
        for (let i = 0; i < length; i++) sum += (one[i]! - rows[n * length + i]!) ** 2;
        apart[n] = sum;
      }
      apart.sort();
      let sum = 0;
      for (let n = 0; n < neighbours + itself; n++) sum += apart[n]!;
      return sum;
    },
    /** The root of their second moments; unchanged where they do not span the space. */
    learnRoot(): void {
      const moments = new Float64Array(length * length);
      for (let n = 0; n < known; n++) {
        const from = values.length - newestAgo() - n - length;
        for (let i = 0; i < length; i++) {
          for (let j = 0; j <= i; j++) moments[i * length + j]! += values[from + i]! * values[from + j]!;
        }
      }
      root.set(choleskyOf(moments, length) ?? root);
      gather();
    },
  };
}

function identity(size: number): Float64Array {
  return Float64Array.from({ length: size * size }, (_, at) => (at % (size + 1) === 0 ? 1 : 0));
}
