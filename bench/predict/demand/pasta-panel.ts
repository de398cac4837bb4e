import { dayMs } from "@trato/base";
import type { Known, Panel } from "@trato/predict";
import { readRows } from "../lib/data.ts";

/** Italy's fixed holidays, month and day. Easter Sunday and Monday move. */
const fixed = [
  ...[
    [1, 1],
    [1, 6],
    [4, 25],
    [5, 1],
    [6, 2],
  ],
  ...[
    [8, 15],
    [11, 1],
    [12, 8],
    [12, 25],
    [12, 26],
  ],
] as const;
const nearDays = 15;

/** Every day of the calendar, closed ones missing; what is promoted is known beforehand only where that is asked. */
export function readPanel({ promotionsKnown }: { promotionsKnown: boolean }): { panel: Panel; days: number } {
  const { head, rows } = readRows("hierarchical-sales/pasta_daily.csv.gz");
  const dayOf = (text: string) => Date.parse(`${text}T00:00Z`) / dayMs;
  const first = dayOf(rows[0]![0]!);
  const days = dayOf(rows.at(-1)![0]!) - first + 1;
  const names = head.filter((name) => name.startsWith("QTY_"));
  const column = (name: string) => {
    const own = new Float64Array(days).fill(Number.NaN);
    for (const row of rows) own[dayOf(row[0]!) - first] = Number(row[head.indexOf(name)]);
    return own;
  };
  const promotions = names.map((name) => column(name.replace("QTY", "PROMO")));
  const known = {
    ...calendar(first, days),
    ...(promotionsKnown && { promotion: { kind: "number", rows: promotions } as const }),
  };
  const brand = Int32Array.from(names, (name) => Number(/B(\d)/.exec(name)![1]));
  const item = Int32Array.from(names, (_, at) => at);
  return { panel: { values: names.map(column), known, groups: { brand, item } }, days };
}

function calendar(first: number, days: number): Readonly<Record<string, Known>> {
  const years = (day: number) => new Date(day * dayMs).getUTCFullYear();
  const easters = new Map<number, number>();
  for (let year = years(first) - 1; year <= years(first + days) + 1; year++) easters.set(year, easter(year));
  const holidays = new Set<number>();
  for (const [year, sunday] of easters) {
    for (const [month, day] of fixed) holidays.add(Date.UTC(year, month! - 1, day) / dayMs);
    holidays.add(sunday).add(sunday + 1);
  }
  const distance = (day: number, step: 1 | -1) => {
    for (let apart = 0; apart < nearDays; apart++) if (holidays.has(day + step * apart)) return apart;
    return nearDays;
  };
  const fromEaster = (day: number) => {
    const all = [...easters.values()].map((sunday) => day - sunday);
    const nearest = all.reduce((a, b) => (Math.abs(b) < Math.abs(a) ? b : a));
    return Math.max(-20, Math.min(20, nearest));
  };
  const of = (kind: Known["kind"], tell: (date: Date, day: number) => number): Known => {
    const row = Float64Array.from({ length: days }, (_, at) =>
      tell(new Date((first + at) * dayMs), first + at),
    );
    return { kind, rows: [row] };
  };
  return {
    weekday: of("category", (date) => date.getUTCDay()),
    month: of("number", (date) => date.getUTCMonth()),
    dayOfMonth: of("number", (date) => date.getUTCDate()),
    dayOfYear: of("number", (date, day) => day - Date.UTC(date.getUTCFullYear(), 0, 1) / dayMs),
    untilHoliday: of("number", (_, day) => distance(day, 1)),
    sinceHoliday: of("number", (_, day) => distance(day, -1)),
    fromEaster: of("number", (_, day) => fromEaster(day)),
  };
}

/** The day of Easter Sunday since 1970. Source: the anonymous Gregorian algorithm (Nature, 1876). */
function easter(year: number): number {
  const century = Math.floor(year / 100);
  const moon = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3);
  const h = (19 * (year % 19) + century - Math.floor(century / 4) - moon + 15) % 30;
  const l = (32 + 2 * (century % 4) + 2 * Math.floor((year % 100) / 4) - h - ((year % 100) % 4)) % 7;
  const m = Math.floor(((year % 19) + 11 * h + 22 * l) / 451);
  const days = h + l - 7 * m + 114;
  return Date.UTC(year, Math.floor(days / 31) - 1, (days % 31) + 1) / dayMs;
}
