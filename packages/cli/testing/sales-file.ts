/** A file of sales of which every kind of line is known: what each fate must come to can be counted by hand. */
export const header = "invoice,stock_code,quantity,time,unit_price,customer_id,country";

const orders = 40;
const linesEach = 4;

const two = (value: number): string => String(value).padStart(2, "0");

/**
 * Forty orders of four lines (every fifth of nobody known), each fourth one followed by the return of its second
 * line; and eight bad lines.
 */
export function salesFile(): string {
  const lines: string[] = [];
  for (let i = 0; i < orders; i++) {
    const customer = i % 5 === 4 ? "" : String(12_000 + (i % 7));
    const time = `2011-0${1 + (i % 9)}-${two(1 + (i % 28))} ${two(8 + (i % 10))}:${two(i % 60)}`;
    for (let k = 0; k < linesEach; k++) {
      const price = k === 3 ? "0" : `${1 + k}.${two(i)}${k === 2 ? "5" : ""}`;
      lines.push(
        `${536_000 + i},SKU${(i * 3 + k) % 25},${k + 1},${time},${price},${customer},United Kingdom`,
      );
    }
    if (i % 4 !== 3) continue;
    lines.push(`C${537_000 + i},SKU${(i * 3 + 1) % 25},-1,${time},2.${two(i)},${customer},United Kingdom`);
  }
  return [header, ...lines, ...badLines, ""].join("\n");
}

const badLines = [
  "536100,SKU1,-3,2011-02-01 10:00,0,,United Kingdom",
  "A506401,B,1,2011-02-01 10:01,-11062.06,,United Kingdom",
  "536101,,1,2011-02-01 10:02,2.50,12001,United Kingdom",
  "536102,SKU1,one,2011-02-01 10:03,2.50,12001,United Kingdom",
  "536103,SKU1,1,2011-02-30 10:04,2.50,12001,United Kingdom",
  "536104,SKU1,1,2011-02-01 10:05,2.50,12001",
  "C536105,SKU1,2,2011-02-01 10:06,2.50,12001,United Kingdom",
  "536106,SKU1,-2,2011-02-01 10:07,2.50,12001,United Kingdom",
];
