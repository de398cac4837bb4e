import { dayMs } from "@trato/base";
import { between, happens } from "../draw.ts";
import type { Life } from "../homes/life.ts";
import { identitiesOf } from "./opening.ts";
import { type Order, orderLine } from "./pay.ts";
import { createScribe, type Scribe, type WireEvent } from "./scribe.ts";
import type { Visit } from "./visit.ts";

const returnedShare = 0.02;
const surveyedShare = 0.05;
/** A household waits for no more than so many things. */
const laterMax = 20;

/** Few orders come back in part, and few buyers answer a survey, some days later. */
export function afterwards(visit: Visit, order: Order): void {
  const { draw, isNamed } = visit;
  if (!isNamed) return;
  if (happens(draw, returnedShare)) {
    const line = orderLine(order.lines[Math.floor(draw() * order.lines.length)]!);
    postpone(visit, { days: between(draw, 1, 4), name: "return" }, (scribe) =>
      scribe.say("order.returned", {
        returnId: `r-${order.orderId}`,
        orderId: order.orderId,
        currency: "USD",
        totalMinor: line.amountMinor,
        lines: [line],
      }),
    );
  }
  if (happens(draw, surveyedShare)) {
    const score = Math.min(10, Math.floor(between(draw, 3, 13)));
    postpone(visit, { days: between(draw, 0.5, 2), name: "survey" }, (scribe) =>
      scribe.say("survey.answered", { score, scale: "nps", survey: "after-order", orderId: order.orderId }),
    );
  }
}

function postpone(
  visit: Visit,
  when: { readonly days: number; readonly name: string },
  say: (scribe: Scribe) => void,
): void {
  const { life, startMs, scribe: before, channel } = visit;
  const atMs = Math.floor(startMs + when.days * dayMs);
  const idStart = `${before.idStart}-${when.name}`;
  const scribe = createScribe({ idStart, fromMs: atMs, untilMs: atMs, frame: { channel } });
  scribe.identify(identitiesOf(visit));
  say(scribe);
  addLater(life, { atMs, events: scribe.take() });
}

/** Keeps events for their time; when too many wait already, they never happen. */
export function addLater(life: Life, one: Life["later"][number]): void {
  if (life.later.length >= laterMax) return;
  life.later = [...life.later, one].sort((a, b) => a.atMs - b.atMs);
}

/** Takes what has come due by `untilMs`. */
export function takeLater(life: Life, untilMs: number): WireEvent[] {
  const due = life.later.filter((one) => one.atMs <= untilMs);
  if (due.length === 0) return [];
  life.later = life.later.filter((one) => one.atMs > untilMs);
  return due.flatMap((one) => one.events);
}
