import { assert } from "@trato/base";
import { type ModelCard, type ModelFamily, modelFamilies } from "@trato/contract";
import { bootstrapMean, type Estimate } from "@trato/predict";
import { estimateOf, groupFigures, type Labels } from "./estimates.ts";
import type { Champion, Progress, Since, Trained } from "./family.ts";

/** What is known of a model's kind to let several ways of learning compete in time. */
export type Contest<Model> = {
  readonly family: ModelFamily;
  readonly fromMs: number;
  readonly untilMs: number;
  /** Where what is kept aside to measure with begins. */
  readonly splitMs: number;
  readonly counts: Trained["counts"];
  /** The ways to learn from what came before a moment, the plainest first. */
  readonly recipes: Readonly<Record<string, (untilMs: number) => Model>>;
  /** What it must beat; never in charge. */
  readonly yardsticks: Readonly<Record<string, (untilMs: number) => Model>>;
  /** How good a model is on [fromMs, untilMs), one value for each person, visit or thing: the same for every model. */
  measure(model: Model, fromMs: number, untilMs: number): Float64Array;
  /** What the n-th of those values belongs to. */
  labels(fromMs: number, untilMs: number): (row: number) => Labels;
  /** What turns its scores into chances, found on the time after `ms`, before which the model learnt. */
  calibrate?(model: Model, ms: number): Calibration;
  toBytes(model: Model, recipe: string, calibration: Calibration): Uint8Array;
  /** The champion as it stands, about the same items; null when it cannot be read any more. */
  standing(champion: Champion): Model | null;
  settings?(model: Model): Readonly<Record<string, number>>;
};

export type Calibration = {
  readonly numbers?: Readonly<Record<string, number>>;
  readonly bytes?: Uint8Array;
};

/**
 * Learns and measures in three steps of time. The ways to learn are chosen between on the time before the one that is
 * kept aside, so that the figure of the winner is not the luck of the best; the winner is measured on what was kept
 * aside, against yardsticks and the champion; then it learns again from everything.
 */
export function runContest<Model>(
  contest: Contest<Model>,
  champion: Champion | null,
  onProgress: Progress,
): Trained {
  const { splitMs, untilMs, fromMs, recipes, counts } = contest;
  const endMs = untilMs + 1;
  onProgress("fitting", 0);
  const recipe = choose(contest);
  const model = recipes[recipe]!(splitMs);

  onProgress("measuring", 0.5);
  const values = contest.measure(model, splitMs, endMs);
  const value = estimateOf(values);
  const calibration = contest.calibrate?.(model, splitMs) ?? {};
  const rivals = Object.entries(contest.yardsticks).map(([name, fit]) => {
    return { name, value: estimateOf(contest.measure(fit(splitMs), splitMs, endMs)) };
  });
  const gain = champion === null ? null : gainOver(contest, champion, { recipe, values });

  onProgress("fitting again", 0.7);
  const final = recipes[recipe]!(endMs);
  const { measure } = modelFamilies[contest.family];
  const measured: ModelCard["measured"] =
    value === null
      ? null
      : {
          ...measure,
          value: plain(value),
          rivals: rivals.flatMap((one) =>
            one.value === null ? [] : [{ name: one.name, value: plain(one.value) }],
          ),
        };
  return {
    bytes: contest.toBytes(final, recipe, calibration),
    card: {
      recipe,
      split: {
        at: new Date(splitMs).toISOString(),
        days: (untilMs - splitMs) / 86_400_000,
        people: values.length,
      },
      measured,
      ...groupFigures(values, contest.labels(splitMs, endMs)),
      settings: { ...contest.settings?.(final), ...calibration.numbers },
    },
    gain,
    counts,
    fromMs,
    untilMs,
  };
}

const plain = ({ mean, low, high }: Estimate): Estimate => ({ mean, low, high });

/** Losses count against a model. */
const signOf = (family: ModelFamily): 1 | -1 => (modelFamilies[family].measure.better === "more" ? 1 : -1);

/** The recipe that is best on the time before the split; the plainer one when they are equal, or nothing tells. */
function choose<Model>(contest: Contest<Model>): string {
  const { recipes, splitMs, fromMs, family } = contest;
  const names = Object.keys(recipes);
  assert(names.length > 0, "a family has a way to learn");
  const chooseMs = splitMs - (splitMs - fromMs) / 5;
  let best = { name: names[0]!, mean: Number.NEGATIVE_INFINITY };
  if (names.length === 1) return best.name;
  for (const name of names) {
    const values = contest.measure(recipes[name]!(chooseMs), chooseMs, splitMs);
    if (values.length === 0) break;
    const mean = (signOf(family) * values.reduce((sum, value) => sum + value, 0)) / values.length;
    if (mean > best.mean) best = { name, mean };
  }
  return best.name;
}

/** One by one, so that who is easy and who is hard to foretell does not blur the comparison. */
function gainOver<Model>(
  contest: Contest<Model>,
  champion: Champion,
  challenger: { readonly recipe: string; readonly values: Float64Array },
): Estimate | null {
  const { values } = challenger;
  if (values.length === 0) return null;
  const theirs = championValues(contest, champion, challenger);
  if (theirs === null) return null;
  const sign = signOf(contest.family);
  return bootstrapMean(
    values.map((value, row) => sign * (value - theirs[row]!)),
    { seed: 1 },
  );
}

/** As it stands when its data ended before the split; else its recipe, learnt again from what came before. */
function championValues<Model>(
  contest: Contest<Model>,
  champion: Champion,
  { recipe, values }: { readonly recipe: string; readonly values: Float64Array },
): Float64Array | null {
  const { splitMs, untilMs, recipes } = contest;
  if (champion.untilMs < splitMs) {
    const standing = contest.standing(champion);
    return standing === null ? null : contest.measure(standing, splitMs, untilMs + 1);
  }
  if (champion.recipe === recipe) return values;
  const learn = recipes[champion.recipe];
  return learn === undefined ? null : contest.measure(learn(splitMs), splitMs, untilMs + 1);
}

/** How the champion has done on what happened after it learnt. */
export function sinceOf<Model>(contest: Contest<Model>, champion: Champion): Since {
  const fromMs = champion.untilMs + 1;
  const untilMs = fromMs + champion.measuredMs;
  const standing = untilMs > contest.untilMs + 1 ? null : contest.standing(champion);
  return standing === null ? null : { values: contest.measure(standing, fromMs, untilMs) };
}
