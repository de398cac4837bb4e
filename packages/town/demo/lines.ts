import { formatMinor } from "@trato/base";
import type { DecisionAnswer, Moment } from "@trato/contract";
import { findGood } from "../goods/shelf.ts";
import type { CartLine } from "../homes/life.ts";
import type { Member } from "../homes/member.ts";
import type { Ended } from "../visits/end.ts";
import type { Stage } from "./stage.ts";
import { clip, columnsOf, type LineKind, textColumns } from "./ticker.ts";

type Telling = Pick<Stage, "language" | "words">;

/** How the people of the town read on the screen: texts of one line each, without time and mark. */

export function titleOf(sku: string, { language }: Telling): string {
  return findGood(sku)?.[language] ?? sku;
}

export function nameOf(member: Member): string {
  return `${member.firstName} ${member.lastName}`;
}

/** What the visit of `who` came to, or undefined when it is nothing to speak of. */
export function visitLine(
  ended: Ended,
  who: string,
  telling: Telling,
): { kind: LineKind; text: string } | undefined {
  const { visit, bought, left, clicked } = ended;
  const { words } = telling;
  const start = `${who} (${words.channels[visit.channel]})`;
  if (left.length > 0) {
    return { kind: "left", text: `${start} ${words.leftCart}: ${listed(left, telling)}` };
  }
  if (bought.length > 0) {
    const shown = bought.filter((line) => clicked.some((one) => one.sku === line.sku));
    const verb = shown.length > 0 ? words.boughtShown : words.bought;
    const lines = shown.length > 0 ? shown : bought;
    const price = `$ ${formatMinor(ended.totalMinor, "USD")}`;
    return {
      kind: shown.length > 0 ? "bought" : "visit",
      text: `${start} ${verb}: ${listed(lines, telling)}, ${price}`,
    };
  }
  const looked = [...new Set([...clicked.flatMap((one) => one.sku ?? []), ...visit.looksAt])];
  if (looked.length === 0) return undefined;
  const titles = looked.map((sku) => titleOf(sku, telling)).join(", ");
  return { kind: "visit", text: `${start} ${words.lookedAt}: ${titles}` };
}

function listed(lines: readonly CartLine[], telling: Telling): string {
  return lines
    .map(({ sku, quantity }) => `${quantity > 1 ? `${quantity} × ` : ""}${titleOf(sku, telling)}`)
    .join(", ");
}

/**
 * The first thing shown with its reason; who, and on what basis when it is not a personal one. The reason stays whole:
 * what is long leaves out who, then shortens the title.
 */
export function decisionLine(answer: DecisionAnswer, who: string, { language, words }: Telling): string {
  const basis = words.bases[answer.basis];
  const why = basis === "" ? "" : ` (${basis})`;
  const long = `${answer.placement} · ${who}${why} → `;
  const [first] = answer.items;
  if (first === undefined) return `${long}${words.nothing} (${answer.refusedCount} ${words.refused})`;
  const title = first.title[language];
  const reason = ` — "${first.reason[language]}"`;
  if (columnsOf(long + title + reason) <= textColumns) return long + title + reason;
  const short = `${answer.placement}${why} → `;
  return short + clip(title, Math.max(12, textColumns - columnsOf(short + reason))) + reason;
}

export function momentLine(moment: Moment, who: string, telling: Telling): string {
  const { words } = telling;
  const sure = `${Math.round(moment.confidence * 100)} %`;
  const kind = words.moments[moment.kind];
  if (moment.subject === "person") return `${kind}: ${who} (${sure})`;
  if (moment.subject !== "cart") return `${kind}: ${titleOf(moment.subject, telling)} · ${who} (${sure})`;
  const lines = Object.keys((moment.evidence["lines"] ?? {}) as object);
  return `${kind}: ${lines.map((sku) => titleOf(sku, telling)).join(", ")} · ${who}`;
}
