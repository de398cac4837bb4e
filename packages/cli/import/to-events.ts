import type { Group } from "./group.ts";
import type { GoodLine } from "./line.ts";
import type { Links } from "./links.ts";
import type { Mapping } from "./mapping.ts";
import type { Memory } from "./memory.ts";

type Part = { sku: string; quantity: number; amountMinor: number; title?: string; category?: string };

/** An event as POST /v1/events takes it. */
export type OutEvent = {
  readonly id: string;
  readonly type: "order.placed" | "order.returned" | "consent.given";
  readonly time: string;
  readonly channel?: string;
  readonly store?: string;
  readonly identities?: Readonly<Record<string, string>>;
  readonly data: Readonly<Record<string, unknown>>;
};

/** What became of a group: its events, and how many lines that came back were found in a purchase. */
export type Told = {
  readonly events: readonly OutEvent[];
  readonly linked: number;
  readonly unlinked: number;
};

export type TellNeeds = {
  readonly mapping: Mapping;
  readonly links: Links;
  /** How many stretches of an order were met: an order that goes on later in the file gets a suffix. */
  readonly stretches: Memory<number>;
};

/**
 * Turns a group into events: one `order.placed` of what was sold, one `order.returned` for each purchase that
 * something came back from, and one for what could not be found. Ids depend on the file's text alone.
 */
export function tell(group: Group, needs: TellNeeds): Told {
  const first = group.lines[0];
  if (first === undefined) return { events: [], linked: 0, unlinked: 0 };
  const stretch = (needs.stretches.get(first.order) ?? 0) + 1;
  needs.stretches.set(first.order, stretch);
  const orderId = stretch === 1 ? first.order : `${first.order}/${stretch}`;
  const sold = group.lines.filter(({ fate }) => fate !== "returns");
  const back = group.lines.filter(({ fate }) => fate === "returns");
  // A till's receipt may hold both; then the two events need two ids.
  const returns = tellReturns(sold.length === 0 ? orderId : `${orderId}:back`, back, needs);
  return { ...returns, events: [...tellSale(orderId, sold, needs), ...returns.events] };
}

function tellSale(orderId: string, lines: readonly GoodLine[], { mapping, links }: TellNeeds): OutEvent[] {
  const first = lines[0];
  if (first === undefined) return [];
  for (const { customer, sku, quantityThousandths: quantity } of lines) {
    links.bought({ customer, sku, orderId, quantity });
  }
  const data = { orderId, ...amountsOf(lines, mapping) };
  return [{ ...frameOf(first, mapping), id: `${mapping.name}/${orderId}`, type: "order.placed", data }];
}

function tellReturns(returnId: string, lines: readonly GoodLine[], needs: TellNeeds): Told {
  const { mapping, links } = needs;
  const byPurchase = Map.groupBy(lines, ({ customer, sku, quantityThousandths: quantity }) =>
    links.giveBack({ customer, sku, quantity }),
  );
  const unlinked = byPurchase.get(undefined)?.length ?? 0;
  const events = [...byPurchase].map(([orderId, some]): OutEvent => {
    const id = orderId === undefined ? returnId : `${returnId}:${orderId}`;
    const data = { returnId: id, ...(orderId === undefined ? {} : { orderId }), ...amountsOf(some, mapping) };
    return { ...frameOf(some[0]!, mapping), id: `${mapping.name}/${id}`, type: "order.returned", data };
  });
  return { events, linked: lines.length - unlinked, unlinked };
}

function amountsOf(lines: readonly GoodLine[], { currency }: Mapping) {
  let totalMinor = 0;
  const parts = lines.map((line): Part => {
    totalMinor += line.amountMinor;
    const part: Part = {
      sku: line.sku,
      quantity: line.quantityThousandths / 1_000,
      amountMinor: line.amountMinor,
    };
    if (line.title !== "") part.title = line.title.slice(0, titleCharsMax);
    if (line.category !== "") part.category = line.category.slice(0, titleCharsMax);
    return part;
  });
  return { currency, totalMinor, lines: parts };
}

const titleCharsMax = 200;

/** When, where and who: an order's first line says it for all. */
function frameOf(line: GoodLine, { identity = "loyalty", channel }: Mapping) {
  return {
    time: line.time,
    ...(channel === undefined ? {} : { channel }),
    ...(line.store === "" ? {} : { store: line.store }),
    ...(line.customer === "" ? {} : { identities: { [identity]: line.customer } }),
  };
}
