type Flat = Int32Array | Float32Array | Float64Array;
type Maker<Column extends Flat> = { new (size: number): Column; new (buffer: SharedArrayBuffer): Column };

/** A column of numbers that doubles when it is full, and ends up in memory that threads share. */
export type Growing<Column extends Flat> = {
  readonly length: () => number;
  push(value: number): void;
  /** The numbers so far, in shared memory. */
  finish(): Column;
};

/** An empty column. Cost: at most twice what it holds, and once more while it is finished. */
export function growing<Column extends Flat>(Make: Maker<Column>, bytesEach: 4 | 8): Growing<Column> {
  let length = 0;
  let column = new Make(1_024);
  return {
    length: () => length,
    push(value) {
      if (length === column.length) {
        const larger = new Make(2 * length);
        larger.set(column);
        column = larger;
      }
      column[length++] = value;
    },
    finish() {
      const shared = new Make(new SharedArrayBuffer(bytesEach * length));
      shared.set(column.subarray(0, length));
      return shared;
    },
  };
}

export const wholeNumbers = (): Growing<Int32Array> => growing(Int32Array as Maker<Int32Array>, 4);
export const fractions = (): Growing<Float32Array> => growing(Float32Array as Maker<Float32Array>, 4);
export const doubles = (): Growing<Float64Array> => growing(Float64Array as Maker<Float64Array>, 8);

/** Numbers names from 0 as they appear; what is no name is -1. */
export function numbering() {
  const numbers = new Map<string, number>();
  return {
    of(name: string | null | undefined): number {
      if (name === null || name === undefined || name === "") return -1;
      let number = numbers.get(name);
      if (number === undefined) {
        number = numbers.size;
        numbers.set(name, number);
      }
      return number;
    },
    known: (name: string): number => numbers.get(name) ?? -1,
    size: (): number => numbers.size,
    names: (): string[] => [...numbers.keys()],
  };
}
