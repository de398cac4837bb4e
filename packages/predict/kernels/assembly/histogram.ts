/**
 * Adds to each row's bin its pair of doubles (slope, curvature): histogram[2·bin], histogram[2·bin + 1]. The
 * rows are `rows[from .. to)`, their pairs lie in `pairs` from 0; `bins` has a byte for every row there is.
 */
export function histogram(bins: usize, rows: usize, from: i32, to: i32, pairs: usize, out: usize): void {
  for (let i = from; i < to; i++) {
    const bin = <usize>load<u8>(bins + <usize>load<i32>(rows + ((<usize>i) << 2)));
    const own = out + (bin << 4);
    v128.store(own, f64x2.add(v128.load(own), v128.load(pairs)));
    pairs += 16;
  }
}

/** The same for four columns at once, so that a row's pair is read once for four. */
export function histogramOfFour(
  bins0: usize,
  bins1: usize,
  bins2: usize,
  bins3: usize,
  rows: usize,
  from: i32,
  to: i32,
  pairs: usize,
  out0: usize,
  out1: usize,
  out2: usize,
  out3: usize,
): void {
  for (let i = from; i < to; i++) {
    const row = <usize>load<i32>(rows + ((<usize>i) << 2));
    const pair = v128.load(pairs);
    add(out0 + ((<usize>load<u8>(bins0 + row)) << 4), pair);
    add(out1 + ((<usize>load<u8>(bins1 + row)) << 4), pair);
    add(out2 + ((<usize>load<u8>(bins2 + row)) << 4), pair);
    add(out3 + ((<usize>load<u8>(bins3 + row)) << 4), pair);
    pairs += 16;
  }
}

function add(own: usize, pair: v128): void {
  v128.store(own, f64x2.add(v128.load(own), pair));
}
