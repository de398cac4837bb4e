import { type Clock, limits } from "@trato/base";
import {
  type BatchResult,
  type Price,
  type Promotion,
  price,
  promotion,
  saidIn,
  type Tax,
  tax,
} from "@trato/contract";
import { recordThings, type Thing } from "../../events/index.ts";
import {
  announce,
  type Change,
  type CheckedRow,
  type Database,
  keepSnapshot,
  type Log,
  rowChecker,
} from "../../platform/index.ts";
import { summarise } from "../rules.ts";
import type { CatalogueView } from "../store.ts";
import { priceOf } from "./price.ts";
import type { PricingViews } from "./price-cart.ts";
import { priceErrors, promotionErrors, taxErrors } from "./rule-errors.ts";
import {
  listRules,
  type Rule,
  type RuleKind,
  type RulePage,
  type RuleRow,
  readChangedRules,
  readPriceHistory,
  writeRules,
} from "./store.ts";
import { nextSnapshot, type PricingSnapshot, priceId } from "./views.ts";

export type Pricing = Awaited<ReturnType<typeof openPricing>>;

type PricingNeeds = {
  readonly database: Database;
  readonly log: Log;
  readonly clock: Clock;
  readonly items: () => CatalogueView;
  readonly countryOf: (placeId: string | null) => string;
  /** False for a name that no place has, where there are places. */
  readonly mayBePlace?: (placeId: string) => boolean;
  readonly pollMs?: number;
};

const kinds = {
  price: {
    under: "prices",
    check: rowChecker<Price>({
      ...{ schema: price, under: "prices", idField: "sku" },
      ...{ nameOf: priceId, more: priceErrors },
    }),
    most: limits.pricesMax,
  },
  promotion: {
    under: "promotions",
    check: rowChecker<Promotion>({
      ...{ schema: promotion, under: "promotions", idField: "id", more: promotionErrors },
    }),
    most: limits.promotionsMax,
  },
  tax: {
    under: "taxes",
    check: rowChecker<Tax>({ schema: tax, under: "taxes", idField: "id", more: taxErrors }),
    most: limits.taxesMax,
  },
} as const satisfies Record<RuleKind, unknown>;

/** Prices, promotions and taxes: what makes the price of a cart, as it is now, and what was told before. */
export async function openPricing(needs: PricingNeeds) {
  const { database, log, clock, items, countryOf } = needs;
  const snapshots = await keepSnapshot<PricingSnapshot>({
    name: "pricing",
    log,
    load: async (before) => {
      const { version, rows } = await readChangedRules(database, before?.version ?? "-1");
      return version === before?.version ? before : nextSnapshot(before, version, rows);
    },
    ...(needs.pollMs === undefined ? {} : { pollMs: needs.pollMs }),
  });

  /** Writes a batch, each row by itself; when this returns, `views()` shows it. */
  const put = async (kind: RuleKind, rows: readonly unknown[], language?: string): Promise<BatchResult> => {
    const { check, most, under } = kinds[kind];
    const checked = refuseNowhere(check(rows, language) as CheckedRow<Rule>[], {
      ...{ under, language },
      mayBePlace: needs.mayBePlace ?? (() => true),
    });
    const given = checked.flatMap((one) =>
      "row" in one ? [{ kind, id: one.id, sku: skuOf(one.row), rule: one.row }] : [],
    );
    // Rows of other processes may be a second away: the bound protects memory, and need not be exact.
    const room = most - snapshots.now().counts[kind];
    const done = await database.transaction(async (tx) => {
      const nowMs = clock.nowMs();
      const written = await writeRules(tx, given, { nowMs, room });
      await recordThings(tx, written.written.map(thingOf), nowMs);
      await announce(tx, written.written.flatMap(changeOf), nowMs);
      return written;
    });
    await snapshots.refresh();
    return summarise(done.version, refuseThose(checked, done.tooMany, { under, most }), done.fates);
  };

  return {
    /** All that prices are made of, at this instant; at most `limits.snapshotPollMs` behind another process. */
    views: (): PricingViews => {
      const { prices, promotions, taxes } = snapshots.now();
      return { items: items().items, prices, promotions, taxes, countryOf };
    },
    /** What a unit of these costs where a row is in force that says otherwise than the item; of what is sold by units. */
    unitPrices(
      skus: readonly string[],
      at: { readonly placeId: string | null; readonly channel: string; readonly atMs: number },
    ): Record<string, number> {
      const { prices } = snapshots.now();
      const units = skus.flatMap((sku): [string, number][] => {
        const [rows, item] = [prices.get(sku), items().items.get(sku)];
        if (rows === undefined || item === undefined) return [];
        const row = priceOf(rows, { ...at, currency: item.currency, groups: [] });
        return row?.perQuantity !== 1 || row.priceMinor === item.priceMinor ? [] : [[sku, row.priceMinor]];
      });
      return Object.fromEntries(units);
    },
    /** The version of prices, promotions and taxes that `views()` shows. */
    version: (): string => snapshots.now().version,
    put,
    list: (kind: RuleKind, page: RulePage) => listRules(database, kind, page),
    history: (sku: string) => readPriceHistory(database, sku, limits.priceHistoryRowsMax),
    refresh: () => snapshots.refresh(),
    stop: () => snapshots.stop(),
  };
}

function refuseNowhere(
  rows: readonly CheckedRow<Rule>[],
  at: { under: string; language: string | undefined; mayBePlace: (placeId: string) => boolean },
): CheckedRow<Rule>[] {
  return rows.map((one, i) => {
    const placeId = "row" in one && "placeId" in one.row ? one.row.placeId : undefined;
    if (typeof placeId !== "string" || at.mayBePlace(placeId)) return one;
    const detail = {
      en: `there is no place "${placeId}"; PUT /v1/places makes one`,
      es: `no hay lugar "${placeId}"; PUT /v1/places crea uno`,
    };
    const pointer = `/body/${at.under}/${i}/placeId`;
    return { id: one.id, errors: [{ pointer, detail: saidIn(detail, at.language ?? "en") }] };
  });
}

const skuOf = (rule: Rule): string | null => ("sku" in rule ? rule.sku : null);

function refuseThose(
  rows: readonly CheckedRow<Rule>[],
  tooMany: ReadonlySet<string>,
  { under, most }: { readonly under: string; readonly most: number },
): CheckedRow<Rule>[] {
  const detail = `there are ${most} ${under} already; change one of them instead`;
  return rows.map((one, i) =>
    tooMany.has(one.id) ? { id: one.id, errors: [{ pointer: `/body/${under}/${i}`, detail }] } : one,
  );
}

/** A rule that was written, as the log tells it. */
const thingOf = ({ kind, rule }: RuleRow): Thing => ({
  type: `${kind}.changed`,
  store: "placeId" in rule ? (rule.placeId ?? null) : null,
  data: { ...rule },
});

/** A price row that was written, as subscribers hear it; it may begin later. */
function changeOf({ kind, sku, rule }: RuleRow): Change[] {
  if (kind !== "price" || sku === null) return [];
  const place = (rule as Price).placeId ?? null;
  return [{ topic: "price.changed", key: sku, place, personId: null, data: { ...(rule as Price) } }];
}
