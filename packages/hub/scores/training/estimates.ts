import { limits } from "@trato/base";
import type { ModelCard } from "@trato/contract";
import { bootstrapMean, type Estimate } from "@trato/predict";
import type { Collected } from "./collect.ts";
import type { Said } from "./said.ts";

/** A mean with its 95 % interval; null without values. */
export function estimateOf(values: Float64Array): Estimate | null {
  return values.length === 0 ? null : bootstrapMean(values, { seed: 1 });
}

/** What a measured person, visit or thing belongs to, as far as it is known. */
export type Labels = { readonly [by in "country" | "channel" | "age"]?: string };

/**
 * The figure of every group with at least `limits.trainingGroupMin` members; the names of the others, so that nobody
 * takes silence for a good figure. At most `limits.trainingGroupsMax` groups of a kind, the largest.
 */
export function groupFigures(
  values: Float64Array,
  labelsOf: (row: number) => Labels,
): Pick<ModelCard, "groups" | "leftOut"> {
  const groups: ModelCard["groups"] = [];
  const leftOut: ModelCard["leftOut"] = [];
  for (const by of ["country", "channel", "age"] as const) {
    const rowsOf = new Map<string, number[]>();
    for (let row = 0; row < values.length; row++) {
      const is = labelsOf(row)[by];
      if (is === undefined) continue;
      const rows = rowsOf.get(is);
      if (rows === undefined) rowsOf.set(is, [row]);
      else rows.push(row);
    }
    const largest = [...rowsOf]
      .sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1))
      .slice(0, limits.trainingGroupsMax);
    for (const [is, rows] of largest) {
      const value = estimateOf(Float64Array.from(rows, (row) => values[row]!));
      if (value === null || rows.length < limits.trainingGroupMin)
        leftOut.push({ by, is, people: rows.length });
      else groups.push({ by, is, people: rows.length, value });
    }
  }
  return { groups, leftOut };
}

const ageBands = [18, 25, 35, 45, 55, 65] as const;

/** Bands as statistics offices have them: under 18, to 24, … 65 and older. */
export function ageBand(years: number): string {
  if (years < 18) return "0-17";
  const at = ageBands.findLastIndex((from) => years >= from);
  const until = ageBands[at + 1];
  return until === undefined ? "65+" : `${ageBands[at]}-${until - 1}`;
}

/** The labels of persons by what they said of themselves. */
export function labelsOfSaid(said: Said, untilMs: number): (person: number) => Labels {
  const yearNow = yearOf(untilMs);
  return (person) => {
    const country = said.countries[said.countryOf[person]!];
    const born = said.birthYearOf[person]!;
    return {
      ...(country === undefined ? {} : { country }),
      ...(born === 0 ? {} : { age: ageBand(yearNow - born) }),
    };
  };
}

/** The labels of persons of these orders: what they said of themselves, and how they bought last before `untilMs`. */
export function labelsOfPersons(orders: Collected, untilMs: number): (person: number) => Labels {
  const lastMs = new Float64Array(orders.personCount).fill(Number.NEGATIVE_INFINITY);
  const channelOf = new Int32Array(orders.personCount).fill(-1);
  for (const [line, person] of orders.personOf.entries()) {
    const timeMs = orders.timeOf[line]!;
    if (timeMs >= untilMs || timeMs < lastMs[person]!) continue;
    lastMs[person] = timeMs;
    channelOf[person] = orders.channelOf[orders.basketOf[line]!]!;
  }
  const said = labelsOfSaid(orders, untilMs);
  return (person) => {
    const channel = orders.channels[channelOf[person]!];
    return { ...said(person), ...(channel === undefined ? {} : { channel }) };
  };
}

const yearOf = (timeMs: number): number => new Date(timeMs).getUTCFullYear();
