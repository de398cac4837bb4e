import { limits } from "@trato/base";
import { listMoments, type Moment } from "@trato/contract";
import { momentLine, nameOf } from "./lines.ts";
import type { Messenger } from "./messages.ts";
import type { Stage } from "./stage.ts";
import type { Somebody } from "./who.ts";

/** So many of the moments found at once are told and acted on; asking who each is about would hold up the rest. */
const heardAtOnce = 6;

export type MomentWatch = {
  /** Reads the moments found since the last time, and tells them. */
  look(): Promise<void>;
  /** Writes to one of the people whose moment is at hand, if there is one. */
  act(): Promise<void>;
  /** Counts the moments that are open now. */
  countOpen(): Promise<void>;
};

/** Follows the hub's moments and acts on them, as a retailer's messenger would. */
export function createMomentWatch(stage: Stage, messenger: Messenger): MomentWatch {
  const { api, clock, result, ticker, words } = stage;
  const known = new Set<string>();
  let waiting: { moment: Moment; somebody: Somebody }[] = [];

  const hear = async (moment: Moment): Promise<void> => {
    const somebody = await stage.who.find(moment.personId);
    const who = somebody === undefined ? words.somebody : nameOf(somebody.member);
    ticker.happened("moment", clock.nowMs(), momentLine(moment, who, stage));
    if (somebody !== undefined)
      waiting = [...waiting, { moment, somebody }].slice(-limits.townMessagesWaitingMax);
  };
  return {
    async look() {
      const fresh: Moment[] = [];
      let after: string | undefined;
      do {
        const query = { limit: limits.pageRowsMax, ...(after === undefined ? {} : { after }) };
        const page = await api.call(listMoments, { query });
        const unknown = page.moments.filter((one) => !known.has(one.momentId));
        fresh.push(...unknown);
        after = unknown.length === page.moments.length ? page.next : undefined;
      } while (after !== undefined && known.size + fresh.length < limits.townMomentsRemembered);
      for (const { momentId, kind } of fresh) {
        known.add(momentId);
        result.moments[kind] += 1;
      }
      for (const moment of spread(fresh)) await hear(moment);
    },
    async act() {
      const nowMs = clock.nowMs();
      const place = waiting.findIndex(
        ({ moment, somebody }) =>
          Date.parse(moment.windowStart) <= nowMs && messenger.mayDisturb(somebody, nowMs),
      );
      const [next] = place < 0 ? [] : waiting.splice(place, 1);
      if (next === undefined) return;
      await messenger.disturb(next.somebody);
    },
    async countOpen() {
      const page = await api.call(listMoments, { query: { open: true, limit: limits.pageRowsMax } });
      result.momentsOpen = page.moments.length;
      result.momentsOpenMore = page.next !== undefined;
    },
  };
}

/** Some of the moments from all over the list, the oldest first, carts that were left before all others. */
function spread(moments: readonly Moment[]): Moment[] {
  const carts = moments.filter((one) => one.kind === "cart_left").slice(0, heardAtOnce);
  const others = moments.filter((one) => one.kind !== "cart_left");
  const stride = Math.max(1, Math.ceil(others.length / heardAtOnce));
  return [...carts, ...others.filter((_, place) => place % stride === 0).reverse()];
}
