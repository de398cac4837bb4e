import { chance, pickInt } from "@trato/base";
import {
  type Column,
  fitIntent,
  intentTable,
  rowsOf,
  type SessionColumns,
  scoreChances,
  type Table,
} from "@trato/predict";
import { readRows, timed } from "./lib/data.ts";
import type { Family } from "./result.ts";

const months = ["Jan", "Feb", "Mar", "Apr", "May", "June", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const factOf = {
  productPages: "ProductRelated",
  productSeconds: "ProductRelated_Duration",
  accountPages: "Administrative",
  accountSeconds: "Administrative_Duration",
  infoPages: "Informational",
  infoSeconds: "Informational_Duration",
  bounceRate: "BounceRates",
  exitRate: "ExitRates",
  pageValue: "PageValues",
} as const;
const categories = ["OperatingSystems", "Browser", "Region", "TrafficType", "VisitorType", "Weekend"];

function readSessions() {
  const { head, rows } = readRows("online-shoppers/sessions.csv.gz");
  const texts = (name: string) => rows.map((row) => row[head.indexOf(name)]!);
  const numbers = (name: string) => Float64Array.from(texts(name), Number);
  const numbered = (name: string): Column => {
    const all = texts(name);
    const known = [...new Set(all)].sort();
    return { name, kind: "category", values: Float64Array.from(all, (text) => known.indexOf(text)) };
  };
  const facts = Object.fromEntries(Object.entries(factOf).map(([fact, name]) => [fact, numbers(name)]));
  const others: Column[] = [
    { name: "specialDay", kind: "number", values: numbers("SpecialDay") },
    {
      name: "month",
      kind: "number",
      values: Float64Array.from(texts("Month"), (text) => months.indexOf(text)),
    },
    ...categories.map(numbered),
  ];
  const bought = Float64Array.from(texts("Revenue"), (text) => (text.toUpperCase() === "TRUE" ? 1 : 0));
  return { sessions: facts as unknown as SessionColumns, others, bought };
}

/** Five stratified folds by seed 0: each outcome's rows shuffled, then dealt. */
function foldsOf(bought: Float64Array): Int32Array {
  const draw = chance(0);
  const folds = new Int32Array(bought.length);
  for (const outcome of [0, 1]) {
    const rows = [...bought.keys()].filter((row) => bought[row] === outcome);
    for (let i = rows.length - 1; i > 0; i--) {
      const j = pickInt(draw, i + 1);
      [rows[i], rows[j]] = [rows[j]!, rows[i]!];
    }
    for (const [i, row] of rows.entries()) folds[row] = i % 5;
  }
  return folds;
}

function outOfFold(table: Table, bought: Float64Array) {
  const folds = foldsOf(bought);
  const chances = new Float64Array(bought.length);
  let [fitSeconds, predictSeconds] = [0, 0];
  for (let fold = 0; fold < 5; fold++) {
    const train = [...bought.keys()].filter((row) => folds[row] !== fold);
    const fitted = timed(() =>
      fitIntent(
        rowsOf(table, train),
        train.map((row) => bought[row]!),
      ),
    );
    fitSeconds += fitted.seconds;
    const told = timed(() => {
      for (const [row, one] of folds.entries()) {
        if (one === fold) chances[row] = fitted.value.chance(table.columns.map(({ values }) => values[row]!));
      }
    });
    predictSeconds += told.seconds;
  }
  return { chances, fitSeconds, predictSeconds };
}

/** The derived columns were chosen by cross-validation inside the first fold's training part; options were set. */
export const intent: Family = {
  says: "Online Shoppers: will this session buy, with and without PageValues",
  parts: {
    all(say) {
      const { sessions, others, bought } = readSessions();
      const { pageValue: _, ...live } = sessions;
      const tables = [
        [
          "with PageValues",
          intentTable(sessions, others),
          { atLeast: 0.935, aim: 0.94 },
          "XGBoost 0.937, LightGBM 0.9353",
        ],
        ["without PageValues", intentTable(live, others), { atLeast: 0.785, aim: 0.792 }, "LightGBM 0.7868"],
      ] as const;
      for (const [name, table, bar, published] of tables) {
        const { chances, fitSeconds, predictSeconds } = outOfFold(table, bought);
        const scored = scoreChances(chances, bought);
        const row = {
          family: "intent",
          data: "online-shoppers",
          digits: 4,
          published: "",
          fitSeconds,
          predictSeconds,
        };
        say({ ...row, metric: `AUC ${name}`, ours: scored.auc, bar, published });
        say({ ...row, metric: `average precision ${name}`, ours: scored.averagePrecision });
        say({ ...row, metric: `log-loss ${name}`, ours: scored.logLoss });
        say({ ...row, metric: `Brier ${name}`, ours: scored.brier });
        say({ ...row, metric: `calibration error, 20 groups, ${name}`, ours: scored.calibrationError });
      }
    },
  },
};
