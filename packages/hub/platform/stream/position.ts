/** Where a change stands in the outbox: by transaction, then by row. Readers go by this order and no other. */
export type Position = { readonly tx: bigint; readonly row: bigint };

const txMax = 2n ** 64n - 1n;
const rowMax = 2n ** 63n - 1n;

/** As it goes over the wire, in `Last-Event-ID`: "4711-12". */
export const idOf = ({ tx, row }: Position): string => `${tx}-${row}`;

/** The position an id names; undefined when it is none of ours. */
export function readId(text: string): Position | undefined {
  const match = /^(\d{1,20})-(\d{1,19})$/.exec(text.trim());
  if (match === null) return undefined;
  const [tx, row] = [BigInt(match[1]!), BigInt(match[2]!)];
  return tx > txMax || row > rowMax ? undefined : { tx, row };
}

export function isAfter(one: Position, other: Position): boolean {
  return one.tx > other.tx || (one.tx === other.tx && one.row > other.row);
}
