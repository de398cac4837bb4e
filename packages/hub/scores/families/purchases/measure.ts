import { dayMs, limits } from "@trato/base";
import type { ModelCard } from "@trato/contract";
import {
  type Baskets,
  type Blend,
  bootstrapMean,
  type Estimate,
  evaluateNextBasket,
  evaluateNextPurchase,
  fitPersonMean,
  type History,
  type Ranker,
  type RankerReport,
  repeatLast,
  seriesFrom,
  truthOf,
} from "@trato/predict";
import type { Units } from "../../format.ts";
import { scoresHorizonDays } from "../../horizon.ts";

/** Everything before the split, fitted, and what came after it. */
export type Split = {
  readonly all: Baskets;
  readonly train: Baskets;
  readonly test: Baskets;
  readonly splitMs: number;
  readonly blend: Blend;
  readonly units: Units;
  readonly histories: readonly History[];
};

export type Measured = {
  /** Who was measured, and how much of what they bought the blend named among the first ten. */
  readonly persons: Int32Array;
  readonly values: Float64Array;
  readonly nextBasket: Exclude<ModelCard["nextBasket"], undefined>;
  /** What the blend finds more or less than the rival, per person; null without a rival or without people. */
  readonly gain: Estimate | null;
};

const top = 10;

/** Ranks for at most `limits.trainingMeasuredPeopleMax` of the people who bought before and after the split. */
export function measureRankings(split: Split, rival: Ranker | null): Measured {
  const { train } = split;
  const came = [...truthOf(train, split.test).keys()];
  const stride = Math.ceil(came.length / limits.trainingMeasuredPeopleMax);
  const people = new Set(came.filter((_, at) => at % stride === 0));
  if (people.size === 0) {
    return { persons: new Int32Array(), values: new Float64Array(), nextBasket: null, gain: null };
  }
  const test = basketsOf(split.test, people);
  const rankers = rival === null ? rankersOf(split) : [...rankersOf(split), rival];
  const reports = evaluateNextBasket({ train, test, rankers, k: top }).rankers;
  const blend = reportOf(reports, "blend");
  const gain = rival === null ? null : gainOf(blend, reportOf(reports, rival.name));
  const persons = Int32Array.from(truthOf(train, test).keys());
  return { persons, values: blend.recallOf, nextBasket: said(reports), gain };
}

/** The later baskets of at most `limits.trainingMeasuredPeopleMax` of those who came back; null when nobody did. */
export function measuredBaskets(train: Baskets, test: Baskets): Baskets | null {
  const came = [...truthOf(train, test).keys()];
  if (came.length === 0) return null;
  const stride = Math.ceil(came.length / limits.trainingMeasuredPeopleMax);
  return basketsOf(test, new Set(came.filter((_, at) => at % stride === 0)));
}

/** What is compared. "chances" adds up what a decision does: popularity, neighbours of two items bought, rhythm. */
function rankersOf({ blend, units, histories, splitMs }: Split): Ranker[] {
  const { popularity, affinity, rhythm } = blend.models;
  const horizonMs = scoresHorizonDays * dayMs;
  const last = repeatLast(popularity);
  return [
    { name: "blend", scores: (person, out) => blend.scores(histories[person]!, splitMs, out) },
    {
      name: "chances",
      scores(person, out) {
        const { items, stats, lastBasket } = histories[person]!;
        const seeds = Array.from(lastBasket).slice(-2);
        popularity.scores(units.popularity, out);
        const each = (unit: number) => seeds.map(() => unit / 2);
        affinity.with.scores(seeds, each(units.with), out);
        affinity.after.scores(seeds, each(units.after), out);
        for (let i = 0; i < items.length; i++) {
          out[items[i]!]! += rhythm.within(items[i]!, stats[i]!, splitMs, horizonMs);
        }
      },
    },
    { name: "popularity", scores: (_person, out) => popularity.scores(1, out) },
    { name: "repeatLastBasket", scores: (person, out) => last(histories[person]!, out) },
  ];
}

/** The baskets of some people, with the same numbers. */
function basketsOf(baskets: Baskets, people: ReadonlySet<number>): Baskets {
  const { basketStart, itemOf, personOfBasket, timeOfBasket } = baskets;
  const kept = [...personOfBasket.keys()].filter((b) => people.has(personOfBasket[b]!));
  const starts = [0];
  const items: number[] = [];
  for (const b of kept) {
    for (let at = basketStart[b]!; at < basketStart[b + 1]!; at++) items.push(itemOf[at]!);
    starts.push(items.length);
  }
  return {
    ...baskets,
    basketStart: Int32Array.from(starts),
    itemOf: Int32Array.from(items),
    personOfBasket: Int32Array.from(kept, (b) => personOfBasket[b]!),
    timeOfBasket: Float64Array.from(kept, (b) => timeOfBasket[b]!),
  };
}

function reportOf(reports: readonly RankerReport[], name: string): RankerReport {
  return reports.find((report) => report.name === name)!;
}

function said(reports: readonly RankerReport[]): NonNullable<ModelCard["nextBasket"]> {
  const of = (name: string) => {
    const { recall, ndcg } = reportOf(reports, name);
    return { recall10: recall, ndcg10: ndcg };
  };
  return {
    blend: of("blend"),
    chances: of("chances"),
    popularity: of("popularity"),
    repeatLastBasket: of("repeatLastBasket"),
  };
}

/** Person by person, so that who is easy and who is hard to foretell does not blur the comparison. */
function gainOf(challenger: RankerReport, champion: RankerReport): Estimate {
  const gains = challenger.recallOf.map((recall, person) => recall - champion.recallOf[person]!);
  return bootstrapMean(gains, { seed: 1 });
}

/** How well the rhythm foretold when things were bought again after the split; null when nothing was. */
export function measureRhythm({
  all,
  train,
  blend,
  splitMs,
}: Split): Exclude<ModelCard["nextPurchase"], undefined> {
  let ended = 0;
  seriesFrom(all, (_stats, _item, timeMs) => {
    if (timeMs >= splitMs) ended += 1;
  });
  if (ended === 0) return null;
  const meanOf = fitPersonMean(train);
  const { rhythm } = blend.models;
  const { purchases, forecasters } = evaluateNextPurchase({
    baskets: all,
    fromMs: splitMs,
    known: all,
    forecasters: [
      { name: "rhythm", due: (item, stats) => rhythm.due(item, stats) },
      {
        name: "personMean",
        due(_item, stats, person) {
          const atMs = meanOf(stats, person);
          return { lowMs: atMs, medianMs: atMs, highMs: atMs };
        },
      },
    ],
  });
  const of = (name: string) => {
    const { lossDays, medianLossDays } = forecasters.find((one) => one.name === name)!;
    return { lossDays, medianLossDays };
  };
  const coverage80 = forecasters[0]!.coverage;
  return { purchases, coverage80, rhythm: of("rhythm"), personMean: of("personMean") };
}
