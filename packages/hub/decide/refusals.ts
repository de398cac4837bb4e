import { limits } from "@trato/base";
import { allRefusalReasons, type RefusalReason } from "@trato/contract";

/** Refused candidates by reason: all are counted, and the first `limits.refusedKeysKept` are named. */
export class Refusals {
  private readonly keys = new Map<RefusalReason, string[]>();
  private readonly counts = new Map<RefusalReason, number>();
  private named = 0;
  total = 0;

  add(reason: RefusalReason, key: string): void {
    this.total += 1;
    this.counts.set(reason, (this.counts.get(reason) ?? 0) + 1);
    if (this.named >= limits.refusedKeysKept) return;
    this.named += 1;
    const there = this.keys.get(reason);
    if (there === undefined) this.keys.set(reason, [key]);
    else there.push(key);
  }

  /** By reason, in order of precedence: how many, then their keys. */
  list(): RefusedList {
    const list: Record<string, readonly [number, ...string[]]> = {};
    for (const reason of allRefusalReasons) {
      const count = this.counts.get(reason);
      if (count !== undefined) list[reason] = [count, ...(this.keys.get(reason) ?? [])];
    }
    return list;
  }
}

export type RefusedList = Partial<Record<RefusalReason, readonly [count: number, ...keys: string[]]>>;
