import type { Line, Taken } from "../choose.ts";

type Kept = { readonly lines: readonly Taken[]; readonly endsMs: number };
const key = (sku: string, placeId: string): string => `${sku}@${placeId}`;

/**
 * Stock as somebody would keep it on paper: so many on the shelf, and a list of who was promised what. It has no buckets
 * and no movements, adds everything up whenever it is asked, and is compared with the room after each command.
 */
export class Model {
  readonly onHand = new Map<string, number>();
  readonly holds = new Map<string, Kept>();
  readonly orders = new Map<string, readonly Taken[]>();
  readonly places: readonly string[];
  nowMs = 0;

  constructor(places: readonly string[]) {
    this.places = places;
  }

  #sum(lines: Iterable<readonly Taken[]>, sku: string, placeId: string): number {
    let sum = 0;
    for (const one of lines)
      for (const line of one) if (line.sku === sku && line.placeId === placeId) sum += line.quantity;
    return sum;
  }

  held(sku: string, placeId: string): number {
    const living = [...this.holds.values()].filter(({ endsMs }) => endsMs > this.nowMs);
    return this.#sum(
      living.map(({ lines }) => lines),
      sku,
      placeId,
    );
  }

  allocated(sku: string, placeId: string): number {
    return this.#sum(this.orders.values(), sku, placeId);
  }

  available(sku: string, placeId: string): number {
    const there = this.onHand.get(key(sku, placeId)) ?? 0;
    return Math.max(0, there - this.held(sku, placeId) - this.allocated(sku, placeId));
  }

  move(sku: string, placeId: string, units: number): void {
    this.onHand.set(key(sku, placeId), (this.onHand.get(key(sku, placeId)) ?? 0) + units);
  }

  count(sku: string, placeId: string, onHand: number): void {
    this.onHand.set(key(sku, placeId), onHand);
  }

  /** What a hold has that is not over. */
  linesOf(holdId: string): readonly Taken[] {
    const hold = this.holds.get(holdId);
    return hold !== undefined && hold.endsMs > this.nowMs ? hold.lines : [];
  }

  /** So much of an item this hold may have at a place: what it has, and what is available besides. */
  roomFor(holdId: string, sku: string, placeId: string): number {
    return this.#sum([this.linesOf(holdId)], sku, placeId) + this.available(sku, placeId);
  }

  allocatedTo(orderId: string, sku: string, placeId: string): number {
    return this.#sum([this.orders.get(orderId) ?? []], sku, placeId);
  }

  /** Takes units, or all there are, from what is put aside for an order. */
  takeAside(orderId: string, part: { sku: string; placeId: string; quantity: number } | undefined): void {
    let rest = part?.quantity ?? 0;
    const left = (this.orders.get(orderId) ?? []).map((line) => {
      if (part === undefined || line.sku !== part.sku || line.placeId !== part.placeId) return line;
      const less = Math.min(rest, line.quantity);
      rest -= less;
      return { ...line, quantity: line.quantity - less };
    });
    this.orders.set(orderId, part === undefined ? [] : left);
  }

  /** Every item is there in all places together: then, and only then, a hold can be had. */
  /** The first place that has all of it. */
  firstWithAll(holdId: string, lines: readonly Line[]): string | undefined {
    return this.places.find((placeId) =>
      lines.every(({ sku, quantity }) => this.roomFor(holdId, sku, placeId) >= quantity),
    );
  }

  canHold(holdId: string, lines: readonly Line[]): boolean {
    return lines.every(({ sku, quantity }) => {
      const all = this.places.reduce((sum, placeId) => sum + this.roomFor(holdId, sku, placeId), 0);
      return all >= quantity;
    });
  }
}
