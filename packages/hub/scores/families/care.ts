import { assert, dayMs, limits } from "@trato/base";
import {
  aftFromBytes,
  dueAge,
  failsWithin,
  fitAft,
  fitKaplanMeier,
  kaplanMeierFromBytes,
  type LifeKind,
  type Survival,
} from "@trato/predict";
import { packParts, unpackParts } from "../parts.ts";
import type { Assets } from "../training/collect-assets.ts";
import { type Contest, runContest, sinceOf } from "../training/contest.ts";
import { labelsOfSaid } from "../training/estimates.ts";
import type { Family, Scored } from "../training/family.ts";
import { splitOf } from "../training/split.ts";
import { type Kinds, kindsOf, livesAt, rowOf, type Stretch, stretchesAt } from "./lives.ts";

/** How long a thing goes without care, by its age, how often it was cared for, its use and what it is. */
type Care = { readonly kinds: Kinds; survivalOf(stretch: Stretch): Survival; toBytes(): Uint8Array };

/** With fewer, the way things age is the way a handful aged. */
const caresMin = 20;

/** When a thing that somebody registered will need care. */
export const care: Family = {
  name: "care",
  reads: "assets",
  lack({ assets }) {
    const things = assets.personOf.length;
    const cares = things === 0 ? 0 : caresBefore(assets, splitOf(spanOf(assets)));
    if (things >= limits.trainingPeopleMin && cares >= caresMin) return null;
    return {
      en: `It needs ${limits.trainingPeopleMin} registered things and ${caresMin} services; there are ${things} and ${cares}.`,
      es: `Hacen falta ${limits.trainingPeopleMin} aparatos registrados y ${caresMin} servicios; hay ${things} y ${cares}.`,
    };
  },
  train: ({ assets }, champion, onProgress) => runContest(contestOf(assets), champion, onProgress),
  inputs: ({ assets }) =>
    Float64Array.from(stretchesAt(assets, assets.untilMs + 1).open, ({ ageDays }) => ageDays),
  since: ({ assets }, champion) => sinceOf(contestOf(assets), champion),
  score: ({ assets, nowMs }, bytes) => scoreThings(assets, bytes, nowMs),
};

const caresBefore = ({ careMs }: Assets, ms: number): number => careMs.filter((at) => at < ms).length;

function spanOf({ startMs, careMs, untilMs }: Assets) {
  const fromMs = [startMs, careMs].flatMap((all) => [...all]).reduce((a, b) => Math.min(a, b), untilMs);
  return { fromMs, untilMs };
}

function contestOf(assets: Assets): Contest<Care> {
  const span = spanOf(assets);
  const aft = (kind: LifeKind) => (ms: number) => {
    const kinds = kindsOf(assets, ms);
    const { lives, facts } = livesAt(assets, ms, kinds);
    return aftOf(fitAft(lives, facts, { kind }), kinds);
  };
  return {
    family: "care",
    ...span,
    splitMs: splitOf(span),
    counts: {
      people: new Set(assets.personOf).size,
      orders: assets.careMs.length,
      items: assets.personOf.length,
    },
    recipes: { weibull: aft("weibull"), "log-logistic": aft("log-logistic"), "kaplan-meier": pooled },
    yardsticks: {},
    measure(model, from, until) {
      const days = (until - from) / dayMs;
      return Float64Array.from(stretchesAt(assets, from).open, (stretch) => {
        const chance = failsWithin(model.survivalOf(stretch), stretch.days, days);
        const came = careWithin(assets, stretch.asset, from, until);
        return -Math.log(Math.min(1, Math.max(1e-3, came ? chance : 1 - chance)));
      });
    },
    labels(from, until) {
      const { open } = stretchesAt(assets, from);
      const of = labelsOfSaid(assets, until);
      return (at) => of(assets.personOf[open[at]!.asset]!);
    },
    toBytes: (model) => model.toBytes(),
    standing: ({ bytes }) => readCare(bytes),
  };

  function pooled(ms: number): Care {
    const kinds = { skus: [], hasUse: false };
    return pooledOf(fitKaplanMeier(livesAt(assets, ms, kinds).lives));
  }
}

function careWithin({ careStart, careMs }: Assets, asset: number, fromMs: number, untilMs: number): boolean {
  return careMs.subarray(careStart[asset], careStart[asset + 1]).some((ms) => ms >= fromMs && ms < untilMs);
}

const aftOf = (model: ReturnType<typeof fitAft>, kinds: Kinds): Care => ({
  kinds,
  survivalOf: (stretch) => model.survivalOf(rowOf(stretch, kinds)),
  toBytes: () => packParts({ head: { recipe: "aft", ...kinds }, parts: [model.toBytes()] }),
});

const pooledOf = (model: ReturnType<typeof fitKaplanMeier>): Care => ({
  kinds: { skus: [], hasUse: false },
  survivalOf: () => (age) => model.survival(age),
  toBytes: () => packParts({ head: { recipe: "pooled", skus: [], hasUse: false }, parts: [model.toBytes()] }),
});

/** What a kept model of this family says. */
export function readCare(bytes: Uint8Array): Care {
  const { head, parts } = unpackParts(bytes);
  const { skus, hasUse, recipe } = head;
  const isRight = Array.isArray(skus) && skus.every((sku) => typeof sku === "string");
  assert(
    isRight && typeof hasUse === "boolean" && parts.length === 1,
    "a model of care says what it looks at",
  );
  if (recipe === "pooled") return pooledOf(kaplanMeierFromBytes(parts[0]!));
  return aftOf(aftFromBytes(parts[0]!), { skus: skus as string[], hasUse });
}

/** When each thing in use will need care: an 80 % interval, and the chance of it within 30 days. */
function scoreThings(assets: Assets, bytes: Uint8Array, nowMs: number): Scored[] {
  const model = readCare(bytes);
  const atMs = Math.max(nowMs, assets.untilMs + 1);
  return stretchesAt(assets, atMs).open.map((stretch) => {
    const survival = model.survivalOf(stretch);
    const due = dueAge(survival, stretch.days);
    const instant = (days: number): number | null =>
      Number.isFinite(days) ? Math.round(stretch.fromMs + days * dayMs) : null;
    return {
      person: assets.personOf[stretch.asset]!,
      subject: assets.assetIds[stretch.asset]!,
      score: {
        sku: assets.skus[assets.skuOf[stretch.asset]!] ?? null,
        careMs: stretch.fromMs,
        ageDays: Math.round((atMs - assets.startMs[stretch.asset]!) / dayMs),
        cares: stretch.cares,
        usePerDay: Number.isNaN(stretch.usePerDay) ? null : stretch.usePerDay,
        lowMs: instant(due.low),
        medianMs: instant(due.median),
        highMs: instant(due.high),
        chance30: Math.round(failsWithin(survival, stretch.days, 30) * 1e4) / 1e4,
      },
    };
  });
}
