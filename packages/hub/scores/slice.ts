import { limits } from "@trato/base";
import { skuOf } from "@trato/contract";
import type { Slice } from "../people/index.ts";

/** `channel` is left out where none was said. */
export type View = { readonly sku: string; readonly timeMs: number; readonly channel?: string };
export type InterestState = { views: View[] };

/** Slice "interest": the last `limits.viewsKept` different items a person looked at, oldest first. */
export const interestSlice: Slice<InterestState> = {
  name: "interest",
  version: 2,
  hears: (type) => type === "item.viewed",
  start: () => ({ views: [] }),
  fold(state, event) {
    const sku = skuOf(event.data);
    if (sku === null) return;
    const before = state.views.findIndex((view) => view.sku === sku);
    if (before >= 0) state.views.splice(before, 1);
    else if (state.views.length >= limits.viewsKept) state.views.shift();
    const { timeMs, channel } = event;
    state.views.push({ sku, timeMs, ...(channel === null ? {} : { channel }) });
  },
};
