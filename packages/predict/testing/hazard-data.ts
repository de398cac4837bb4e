import type { Lives } from "../hazard/lives.ts";
import { type Table, tableOf } from "../trees/table.ts";
import { numbersOf, readColumns } from "./public-data.ts";

export const rossiPath = "survival-classic/rossi.csv.gz";
export const veteranPath = "survival-classic/veteran.csv.gz";
export const claimsPath = "warranty-reliability/life_data.csv.gz";
export const repairsPath = "warranty-reliability/repair_histories.csv.gz";

export type Cases = { readonly lives: Lives; readonly facts: Table };

/** 432 people after prison, until a new arrest or for a year. */
export function readRossi(): Cases {
  const { week, arrest, ...facts } = readColumns(rossiPath);
  return {
    lives: { end: numbersOf(week!), failed: Uint8Array.from(numbersOf(arrest!)) },
    facts: tableOf(
      Object.fromEntries(Object.entries(facts).map(([name, column]) => [name, numbersOf(column)])),
    ),
  };
}

/** 137 people with lung cancer; texts as categories. */
export function readVeteran(): Cases {
  const { Survival_in_days, Status, ...facts } = readColumns(veteranPath);
  const texts = ["Treatment", "Celltype", "Prior_therapy"];
  const numbered = (column: readonly string[]) => {
    const values = [...new Set(column)].sort();
    return Float64Array.from(column, (text) => values.indexOf(text));
  };
  const columns = Object.entries(facts).map(([name, column]) => [
    name,
    texts.includes(name) ? numbered(column) : numbersOf(column),
  ]);
  return {
    lives: {
      end: numbersOf(Survival_in_days!),
      failed: Uint8Array.from(Status!, (text) => Number(text === "dead")),
    },
    facts: tableOf(Object.fromEntries(columns), texts),
  };
}

/** One of the sets of the warranty file. */
export function readLifeData(name: string): Lives {
  const { dataset, time, failed, n } = readColumns(claimsPath);
  const rows = [...dataset!.keys()].filter((i) => dataset![i] === name);
  const pick = (column: readonly string[]) => numbersOf(rows.map((i) => column[i]!));
  return { end: pick(time!), failed: Uint8Array.from(pick(failed!)), times: pick(n!) };
}

/** One of the sets of repair histories. */
export function readRepairs(name: string) {
  const { dataset, system, time, event } = readColumns(repairsPath);
  const rows = [...dataset!.keys()].filter((i) => dataset![i] === name);
  const units = [...new Set(rows.map((i) => system![i]!))];
  const repairs = rows.filter((i) => event![i] === "1");
  const until = new Float64Array(units.length);
  for (const i of rows) {
    const unit = units.indexOf(system![i]!);
    until[unit] = Math.max(until[unit]!, Number(time![i]));
  }
  return {
    unitOf: Int32Array.from(repairs, (i) => units.indexOf(system![i]!)),
    ageOf: Float64Array.from(repairs, (i) => Number(time![i])),
    untilOf: until,
  };
}
