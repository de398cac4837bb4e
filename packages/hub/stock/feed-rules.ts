import { canonical, limits } from "@trato/base";
import type { FieldError, StockFate, StockInput } from "@trato/contract";
import type { Parts } from "./choose.ts";
import { bundleError } from "./known.ts";
import { onHandOf, pairKey, post, putBack, type Sheet, takeOut } from "./ledger.ts";
import type { Posting } from "./store.ts";

/** A row of the feed with its times read and its command named for all sources. */
export type FeedRow = {
  readonly sku: string;
  readonly placeId: string;
  readonly count: { readonly onHand: number; readonly countedMs: number } | undefined;
  readonly change: { readonly units: number; readonly atMs: number; readonly commandId: string } | undefined;
  readonly incoming: number | undefined;
  readonly safety: number | undefined;
  readonly buffers: Readonly<Record<string, number>> | undefined;
};

/** What a schema cannot say of a row: it says one thing, at a place that exists, and not of a time to come. */
export function feedErrors(
  row: StockInput,
  at: { readonly places: ReadonlyMap<string, unknown>; readonly items: Parts; readonly nowMs: number },
): FieldError[] {
  const errors: FieldError[] = bundleError(row.sku, at.items, "/sku");
  const wrong = (pointer: string, en: string, es: string) => errors.push({ pointer, detail: { en, es } });
  if (!at.places.has(row.placeId))
    wrong(
      "/placeId",
      `there is no place "${row.placeId}"; PUT /v1/places makes one`,
      `no hay lugar "${row.placeId}"; PUT /v1/places crea uno`,
    );
  if (row.onHand !== undefined && row.delta !== undefined)
    wrong(
      "/delta",
      "a row is a count or a difference; send two rows",
      "una fila es un conteo o una diferencia; envíe dos filas",
    );
  if (row.delta === 0) wrong("/delta", "leave out what did not change", "omita lo que no cambió");
  if (row.delta !== undefined && row.commandId === undefined)
    wrong(
      "/commandId",
      "name the difference, so that it moves once however often it is sent",
      "nombre la diferencia, para que mueva una vez aunque se envíe muchas",
    );
  for (const field of ["countedAt", "at"] as const) {
    const said = row[field];
    if (said === undefined) continue;
    const saidMs = Date.parse(said);
    if (Number.isNaN(saidMs))
      wrong(
        `/${field}`,
        "use a time such as 2026-11-20T10:00:00-05:00",
        "use una hora como 2026-11-20T10:00:00-05:00",
      );
    else if (saidMs > at.nowMs + limits.futureMsMax)
      wrong(`/${field}`, "this time is still to come", "esta hora está por venir");
  }
  const said = [row.onHand, row.delta, row.incoming, row.safety, row.channelBuffers];
  if (said.every((one) => one === undefined))
    wrong(
      "",
      "add onHand, delta, incoming, safety or channelBuffers",
      "agregue onHand, delta, incoming, safety o channelBuffers",
    );
  return errors;
}

/** Reads a row that is right. A clock that runs ahead a little counts as now. */
export function readRow(row: StockInput, from: { readonly source: string; readonly nowMs: number }): FeedRow {
  const { source, nowMs } = from;
  const timeOf = (said: string | undefined) =>
    said === undefined ? nowMs : Math.min(nowMs, Date.parse(said));
  const { sku, placeId, onHand, delta, commandId = "", incoming, safety, channelBuffers } = row;
  return {
    ...{ sku, placeId, incoming, safety, buffers: channelBuffers },
    count: onHand === undefined ? undefined : { onHand, countedMs: timeOf(row.countedAt) },
    change:
      delta === undefined
        ? undefined
        : { units: delta, atMs: timeOf(row.at), commandId: `${source}/${commandId}/${placeId}/${sku}` },
  };
}

export type FeedFacts = {
  /** Units that came or went otherwise than by a count, at the instant of a row's count or later. */
  readonly movedSince: ReadonlyMap<FeedRow, number>;
  /** True once for each command that was not carried out before. */
  readonly isFresh: (commandId: string) => boolean;
  readonly nowMs: number;
};

/**
 * Plans rows of the feed; their fates stand in the rows' order. Counts go first: whichever way rows arrive, on hand is
 * the latest count and what came or went after it. `counts` are counts that found what was there.
 */
export function planFeed(
  sheet: Sheet,
  rows: readonly FeedRow[],
  facts: FeedFacts,
): { readonly fates: readonly StockFate[]; readonly counts: readonly Posting[] } {
  const counts: Posting[] = [];
  const fates: StockFate[] = rows.map(() => "unchanged");
  for (const [i, row] of rows.entries()) {
    if (row.count !== undefined) fates[i] = planCount(sheet, row, row.count, facts, counts);
  }
  for (const [i, row] of rows.entries()) {
    if (row.change !== undefined) fates[i] = planChange(sheet, row, row.change, facts);
    if (row.incoming !== undefined && planIncoming(sheet, row, row.incoming, facts.nowMs))
      fates[i] = "applied";
    if (planTerms(sheet, row)) fates[i] = "applied";
  }
  return { fates, counts };
}

function planCount(
  sheet: Sheet,
  row: FeedRow,
  { onHand, countedMs }: NonNullable<FeedRow["count"]>,
  facts: FeedFacts,
  counts: Posting[],
): StockFate {
  const level = sheet.levels.get(pairKey(row))!;
  if (level.countedMs !== null && countedMs < level.countedMs) return "older";
  const since = facts.movedSince.get(row) ?? 0;
  const difference = onHand + since - onHandOf(level);
  // Two counts of one instant that do not agree: the lower one, whichever came first.
  if (countedMs === level.countedMs && difference >= 0) return difference === 0 ? "unchanged" : "older";
  level.countedMs = countedMs;
  const { sku, placeId } = row;
  const movement = {
    ...{ sku, placeId, quantity: Math.abs(difference), atMs: countedMs },
    ...{ reason: "count" as const, ref: null, commandId: null },
  };
  if (difference > 0) putBack(sheet, { ...movement, from: "outside" });
  else if (difference < 0) takeOut(sheet, { ...movement, to: "outside" });
  counts.push({ ...movement, from: "outside", to: "free", quantity: 0, countedMs });
  return difference === 0 ? "unchanged" : "applied";
}

function planChange(
  sheet: Sheet,
  row: FeedRow,
  { units, atMs, commandId }: NonNullable<FeedRow["change"]>,
  facts: FeedFacts,
): StockFate {
  if (!facts.isFresh(commandId)) return "repeat";
  const { countedMs } = sheet.levels.get(pairKey(row))!;
  if (countedMs !== null && atMs < countedMs) return "older";
  const { sku, placeId } = row;
  const movement = {
    ...{ sku, placeId, quantity: Math.abs(units), atMs },
    ...{ reason: "delta" as const, ref: null, commandId },
  };
  if (units > 0) putBack(sheet, { ...movement, from: "outside" });
  else takeOut(sheet, { ...movement, to: "outside" });
  return "applied";
}

function planIncoming(sheet: Sheet, row: FeedRow, incoming: number, nowMs: number): boolean {
  const { sku, placeId } = row;
  const more = incoming - sheet.levels.get(pairKey(row))!.incoming;
  const [from, to] = more > 0 ? (["outside", "incoming"] as const) : (["incoming", "outside"] as const);
  const why = { reason: "expected" as const, ref: null, commandId: null, atMs: nowMs };
  post(sheet, { sku, placeId, quantity: Math.abs(more), from, to, ...why });
  return more !== 0;
}

/** Buffers are no goods: they are set, not moved. */
function planTerms(sheet: Sheet, row: FeedRow): boolean {
  const level = sheet.levels.get(pairKey(row))!;
  const { safety = level.safety, buffers = level.buffers } = row;
  const same = safety === level.safety && canonical(buffers) === canonical(level.buffers);
  if (same) return false;
  level.safety = safety;
  level.buffers = buffers;
  return true;
}
