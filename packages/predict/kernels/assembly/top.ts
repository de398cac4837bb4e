/**
 * The `wanted` highest of `count` scores into `indexes`, best first, equal ones by ascending index; NaN is never
 * chosen. `kept` has room for `wanted` floats. Returns how many there were. Four scores that all miss are passed
 * over with one comparison.
 */
export function top(scores: usize, count: i32, wanted: i32, kept: usize, indexes: usize): i32 {
  let held = 0;
  let worst: f32 = -Infinity;
  let i = 0;
  while (i < count) {
    if (held === wanted) {
      const bar = f32x4.splat(worst);
      while (i + 4 <= count && !v128.any_true(f32x4.gt(v128.load(scores + ((<usize>i) << 2)), bar))) i += 4;
      if (i >= count) break;
    }
    const end = min(i + 4, count);
    for (; i < end; i++) {
      const score = load<f32>(scores + ((<usize>i) << 2));
      const enters = held < wanted ? score >= -Infinity : score > worst; // NaN never does
      if (!enters) continue;
      held = insert(score, i, held, wanted, kept, indexes);
      worst = load<f32>(kept + ((<usize>(held - 1)) << 2));
    }
  }
  return held;
}

/** Into its place among those held, from behind: few enter once the first have been seen. */
function insert(score: f32, index: i32, held: i32, wanted: i32, kept: usize, indexes: usize): i32 {
  let place = held < wanted ? held : wanted - 1;
  while (place > 0 && load<f32>(kept + ((<usize>(place - 1)) << 2)) < score) {
    store<f32>(kept + ((<usize>place) << 2), load<f32>(kept + ((<usize>(place - 1)) << 2)));
    store<i32>(indexes + ((<usize>place) << 2), load<i32>(indexes + ((<usize>(place - 1)) << 2)));
    place--;
  }
  store<f32>(kept + ((<usize>place) << 2), score);
  store<i32>(indexes + ((<usize>place) << 2), index);
  return held < wanted ? held + 1 : held;
}
