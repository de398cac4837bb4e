import { canonical, isObject, type JsonObject, limits } from "@trato/base";
import { linesOf, textOf } from "@trato/contract";
import type { KeptEvent } from "../events/index.ts";
import type { Slice } from "../people/index.ts";

/** A moment as the profile holds it while it is open. */
export type OpenMoment = {
  readonly momentId: string;
  readonly kind: string;
  /** What it is about: an item's sku, or "cart". */
  readonly subject: string;
  readonly windowStartMs: number;
  readonly windowEndMs: number;
  /** How likely it is to be true, 0 to 1. */
  readonly confidence: number;
  readonly evidence: JsonObject;
};

export type MomentsState = { open: OpenMoment[] };

const heard = new Set([
  "moment.found",
  "order.placed",
  "cart.updated",
  "cart.item_added",
  "cart.item_removed",
  "checkout.started",
  "asset.serviced",
  "asset.repaired",
  "asset.retired",
]);

/**
 * Slice "moments": the moments open for a person. `moment.found` opens one; a purchase of its subject, coming back to
 * a cart that was left, any purchase of somebody who may be leaving, looking after a thing that needs care, or the end
 * of its window closes it. At most `limits.openMomentsKept`, latest window end first.
 */
export const momentsSlice: Slice<MomentsState> = {
  name: "moments",
  version: 1,
  hears: (type) => heard.has(type),
  start: () => ({ open: [] }),
  fold(state, event) {
    if (state.open.length > 0) state.open = state.open.filter((moment) => !closes(event, moment));
    if (event.type !== "moment.found") return;
    const found = readMoment(event);
    if (found === null || found.windowEndMs < event.timeMs) return;
    state.open = state.open.filter(
      (moment) => moment.kind !== found.kind || moment.subject !== found.subject,
    );
    state.open.push(found);
    if (state.open.length > limits.openMomentsKept) state.open.splice(soonestToEnd(state.open), 1);
  },
};

/** What of a profile's slices says whether a moment is still true. */
export type Seen = {
  readonly moments?: { readonly open: readonly OpenMoment[] };
  readonly orders?: {
    readonly cart: { readonly lines: readonly unknown[]; readonly changedMs?: number } | null;
    readonly bought: readonly { readonly sku: string; readonly lastMs: number }[];
    readonly lastOrder?: { readonly timeMs?: number } | null;
  };
};

/**
 * The moments that are not over, in the sequence they were found; the window of some may yet begin. A till that sends
 * its sales at night tells of a purchase after the moment was found: then what it rests on is no longer true.
 */
export function openMoments({ moments, orders }: Seen, nowMs: number): readonly OpenMoment[] {
  const open = moments?.open ?? [];
  return open.filter(
    (moment) => nowMs <= moment.windowEndMs && (orders === undefined || isStillTrue(moment, orders)),
  );
}

/** The open moments whose window holds `nowMs`: the ones to act on. */
export function momentsAt(seen: Seen, nowMs: number): readonly OpenMoment[] {
  return openMoments(seen, nowMs).filter((moment) => moment.windowStartMs <= nowMs);
}

function isStillTrue(moment: OpenMoment, orders: NonNullable<Seen["orders"]>): boolean {
  const { lastMs, changedMs } = moment.evidence;
  if (moment.kind === "cart_left" && typeof changedMs === "number")
    return orders.cart?.changedMs === changedMs;
  if (moment.kind === "may_leave" && typeof lastMs === "number")
    return (orders.lastOrder?.timeMs ?? 0) <= lastMs;
  if (typeof lastMs !== "number") return true;
  const bought = orders.bought.find((one) => one.sku === moment.subject);
  return bought === undefined || bought.lastMs <= lastMs;
}

function closes(event: KeptEvent, moment: OpenMoment): boolean {
  if (moment.windowEndMs < event.timeMs) return true;
  if (event.type === "moment.found") return false;
  if (event.type.startsWith("asset."))
    return moment.kind === "needs_care" && moment.evidence["assetId"] === event.data["assetId"];
  if (moment.kind === "needs_care") return false;
  if (moment.kind === "may_leave") return event.type === "order.placed";
  if (moment.kind === "cart_left" && event.type !== "order.placed") return true;
  if (event.type !== "order.placed") return false;
  const lines = linesOf(event.data);
  if (moment.kind !== "cart_left") return lines.some((line) => line.sku === moment.subject);
  const left = moment.evidence["lines"];
  return isObject(left) && lines.some((line) => Object.hasOwn(left, line.sku));
}

/** The event's moment; null when a name, the window or the confidence cannot be read. */
function readMoment(event: KeptEvent): OpenMoment | null {
  const { data } = event;
  const momentId = textOf(data, "momentId");
  const kind = textOf(data, "kind");
  const subject = textOf(data, "subject");
  const windowStartMs = instantOf(data["windowStart"]);
  const windowEndMs = instantOf(data["windowEnd"]);
  const confidence = data["confidence"];
  if (momentId === null || kind === null || subject === null) return null;
  if (windowStartMs === null || windowEndMs === null || windowEndMs < windowStartMs) return null;
  if (typeof confidence !== "number" || !(confidence >= 0 && confidence <= 1)) return null;
  const evidence = smallEvidence(data["evidence"]);
  return { momentId, kind, subject, windowStartMs, windowEndMs, confidence: confidence + 0, evidence };
}

function instantOf(value: unknown): number | null {
  const ms = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isFinite(ms) ? ms : null;
}

/** A profile is read with every decision: evidence that is too long for it stays in the log and in the list. */
function smallEvidence(evidence: unknown): JsonObject {
  if (!isObject(evidence) || canonical(evidence).length > limits.momentEvidenceCharsMax) return {};
  return evidence as JsonObject;
}

function soonestToEnd(open: readonly OpenMoment[]): number {
  let soonest = 0;
  for (let i = 1; i < open.length; i++) {
    if (open[i]!.windowEndMs < open[soonest]!.windowEndMs) soonest = i;
  }
  return soonest;
}
