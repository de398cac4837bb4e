import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import {
  fitDecayKnn,
  fitSessionBlend,
  fitVmisKnn,
  type SessionModel,
  type Sessions,
  sessionsFrom,
} from "@trato/predict";
import type { Family, Result, Say } from "./result.ts";

/** What was clicked in a session before, and what was clicked next. */
type Case = { readonly recent: ArrayLike<number>; readonly next: number };
type Split = { readonly train: Sessions; readonly cases: readonly Case[] };

const listed = 20;

/** Sessions: what is clicked next. */
export const session: Family = {
  says: "the next click of a session: VMIS-kNN, decay-kNN and the blend",
  parts: {
    "bolcom-serenade": bolcom,
    "diginetica-srgnn": (say) =>
      srgnn(say, "diginetica-srgnn", "GCE-GNN 54.22 / 19.04, STAN 50.97 / 18.48, SR-GNN 50.73 / 17.59", {
        p: { atLeast: 52.5, aim: 54.2 },
        mrr: { atLeast: 18.6, aim: 19.0 },
      }),
    "yoochoose64-srgnn": (say) =>
      srgnn(say, "yoochoose64-srgnn", "SGNN-HN 72.06 / 32.61, SR-GNN 70.57 / 30.94, STAN 69.45 / 28.74", {}),
  },
};

function srgnn(
  say: Say,
  data: string,
  published: string,
  bars: { p?: Result["bar"]; mrr?: Result["bar"] },
): void {
  const { train, cases } = readSrGnn(data);
  const models = {
    "decay-kNN": () => fitDecayKnn(train, { lastAgain: true }),
    blend: () => fitSessionBlend(train, { lastAgain: true }),
  };
  for (const [name, fit] of Object.entries(models)) {
    const { hit, mrr, p90Ms, ...seconds } = measure(fit, cases);
    const row = { family: "session", data, published, ...seconds };
    const [p, m] = name === "blend" ? [bars.p, bars.mrr] : [];
    say({ ...row, metric: `P@20 %, ${name}`, ours: 100 * hit, digits: 2, ...(p && { bar: p }) });
    say({ ...row, metric: `MRR@20 %, ${name}`, ours: 100 * mrr, digits: 2, ...(m && { bar: m }) });
    say({ ...row, metric: `p90 ms a prediction, ${name}`, ours: p90Ms, digits: 3, published: "" });
  }
}

function bolcom(say: Say): void {
  const { train, cases } = readBolcom();
  const models = {
    "VMIS-kNN": () => fitVmisKnn(train),
    "decay-kNN": () => fitDecayKnn(train),
    blend: () => fitSessionBlend(train),
  };
  for (const [name, fit] of Object.entries(models)) {
    const { hit, mrr, p90Ms, ...seconds } = measure(fit, cases);
    const row = { family: "session", data: "bolcom-serenade", published: "VMIS-kNN 0.3401", ...seconds };
    const isBlend = name === "blend";
    const bar = { atLeast: 0.338, aim: 0.345 };
    say({ ...row, metric: `MRR@20, ${name}`, ours: mrr, digits: 4, ...(isBlend && { bar }) });
    say({ ...row, metric: `HitRate@20, ${name}`, ours: hit, digits: 4, published: "VMIS-kNN 0.6402" });
    say({
      ...row,
      metric: `p90 ms a prediction, ${name}`,
      ours: p90Ms,
      digits: 3,
      published: "Serenade 0.066",
      bar: { atMost: 0.2 },
    });
  }
}

function measure(fit: () => SessionModel, cases: readonly Case[]) {
  const startFit = process.cpuUsage();
  const model = fit();
  const fitSeconds = secondsSince(startFit);
  const top = new Int32Array(listed);
  const tookMs = new Float64Array(cases.length);
  let hits = 0;
  let reciprocal = 0;
  const startPredict = process.cpuUsage();
  for (const [at, { recent, next }] of cases.entries()) {
    const startMs = performance.now();
    const count = model.predict(recent, top);
    tookMs[at] = performance.now() - startMs;
    const rank = top.subarray(0, count).indexOf(next) + 1;
    if (rank === 0) continue;
    hits++;
    reciprocal += 1 / rank;
  }
  const predictSeconds = secondsSince(startPredict);
  const p90Ms = tookMs.sort()[Math.floor(0.9 * cases.length)]!;
  return { hit: hits / cases.length, mrr: reciprocal / cases.length, p90Ms, fitSeconds, predictSeconds };
}

function secondsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

function linesOf(data: string, file: string): string[] {
  const url = new URL(`../../../shared/data/${data}/${file}`, import.meta.url);
  return gunzipSync(readFileSync(url)).toString("utf8").trimEnd().split("\n");
}

function readSrGnn(data: string): Split {
  const numbers = (text: string) => text.trim().split(/\s+/).map(Number);
  const lists = linesOf(data, "train_sessions.txt.gz").map(numbers);
  const cases = linesOf(data, "test_cases.tsv.gz").map((line) => {
    const [recent, next] = line.split("\t");
    return { recent: numbers(recent!), next: Number(next) };
  });
  let itemCount = 0;
  for (const list of lists) for (const item of list) itemCount = Math.max(itemCount, item + 1);
  for (const { recent, next } of cases)
    itemCount = Math.max(itemCount, next + 1, ...recent.map((i) => i + 1));
  return { train: sessionsFrom(lists, itemCount), cases };
}

/** Train sessions by the time of their last click; each click of a test session but the first is a case. */
function readBolcom(): Split {
  const read = (file: string) => {
    const rows = linesOf("bolcom-serenade", file)
      .slice(1)
      .map((line) => line.split("\t").map(Number));
    const sessions = Map.groupBy(rows, (row) => row[0]!);
    const sorted = [...sessions.values()].map((clicks) => clicks.sort((a, b) => a[2]! - b[2]!));
    return sorted.sort((a, b) => a.at(-1)![2]! - b.at(-1)![2]!).map((clicks) => clicks.map((row) => row[1]!));
  };
  const lists = read("train.tsv.gz");
  const cases = read("test.tsv.gz").flatMap((clicks) =>
    clicks.slice(1).map((next, at) => ({ recent: clicks.slice(0, at + 1), next })),
  );
  let itemCount = 0;
  for (const item of [...lists.flat(), ...cases.map(({ next }) => next)])
    itemCount = Math.max(itemCount, item + 1);
  return { train: sessionsFrom(lists, itemCount), cases };
}
