import { dayMs, limits } from "@trato/base";
import { textOf } from "@trato/contract";
import type { KeptEvent } from "../events/index.ts";
import type { Slice } from "../people/index.ts";

/** How much a person has been shown and sent of late. */
export type PressureState = {
  /** The newest things seen, oldest first; at most `limits.exposuresKept`. */
  exposures: { timeMs: number; key: string; placement: string; channel: string }[];
  /** Per channel: the last day (UTC) on which a message left, and how many did. */
  messages: { [channel: string]: { dayMs: number; count: number } };
};

/** Slice "pressure": what a person saw and was sent, so that nobody is pestered. */
export const pressureSlice: Slice<PressureState> = {
  name: "pressure",
  version: 1,
  hears: (type) => type === "decision.exposed" || type === "message.sent",
  start: () => ({ exposures: [], messages: {} }),
  fold(state, event) {
    if (event.type === "decision.exposed") addExposure(state, event);
    else countMessage(state, event);
  },
};

/** The sender's word for the channel counts; without one, a placement's name begins with it: "web.home". */
function addExposure(state: PressureState, event: KeptEvent): void {
  const key = textOf(event.data, "key");
  const placement = textOf(event.data, "placement");
  if (key === null || placement === null) return;
  const channel = event.channel ?? placement.split(".", 1)[0]!;
  state.exposures.push({ timeMs: event.timeMs, key, placement, channel });
  if (state.exposures.length > limits.exposuresKept) state.exposures.shift();
}

function countMessage(state: PressureState, event: KeptEvent): void {
  const channel = textOf(event.data, "channel", limits.channelCharsMax);
  if (channel === null) return;
  const { messages } = state;
  const today = Math.floor(event.timeMs / dayMs) * dayMs;
  const known = Object.hasOwn(messages, channel) ? messages[channel]! : undefined;
  if (known?.dayMs === today) known.count += 1;
  else messages[channel] = { dayMs: today, count: 1 };
  if (Object.keys(messages).length > limits.messageChannelsKept) delete messages[longestAgo(messages)];
}

/** The channel that has been quiet longest; of two, the one whose name comes first. */
function longestAgo(messages: PressureState["messages"]): string {
  const older = (a: string, b: string) => messages[a]!.dayMs - messages[b]!.dayMs || (a < b ? -1 : 1);
  return Object.keys(messages).sort(older)[0]!;
}
