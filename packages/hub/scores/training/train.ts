import { type Clock, limits, type PersonId } from "@trato/base";
import { type ModelCard, type ModelFamily, modelFamilies, type TrainingOutcome } from "@trato/contract";
import type { Database, Log } from "../../platform/index.ts";
import { writeAnomalies } from "../anomaly-store.ts";
import { writeDemand } from "../demand-store.ts";
import { families } from "../families/index.ts";
import { noteScored, writeScores } from "../person-store.ts";
import { insertModel, keepOutcome, promoteModel, readChampion, writeDrift } from "../store.ts";
import { driftOf, inputsOf } from "./drift.ts";
import { estimateOf } from "./estimates.ts";
import type { Champion, Facts, Trained } from "./family.ts";
import { type ReadFacts, readFacts, type Sources } from "./sources.ts";
import { type Result, type Thread, trainingThread } from "./thread.ts";
import { judge } from "./verdict.ts";

export type TrainNeeds = {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly sources: Sources;
};

export type OnProgress = (step: string, shareDone: number) => void;

type Asked = { readonly families: readonly ModelFamily[]; readonly train: boolean };

/**
 * Trains the families that are asked for, one after the other, in a worker thread: each that has enough to learn from
 * gets a model with its card, in charge unless it is worse than the one that is. One that lacks facts, fails or runs
 * out of memory says so in its outcome and holds up no other. Callers make sure that one training runs at a time.
 * Throws when the facts cannot be read, and the signal's reason when it is told to stop; models kept until then stay.
 */
export async function train(
  needs: TrainNeeds,
  asked: Asked = { families: families.map(({ name }) => name), train: true },
  onProgress: OnProgress = () => undefined,
  signal?: AbortSignal,
): Promise<TrainingOutcome[]> {
  onProgress("reading", 0);
  const wanted = families.filter(({ name }) => asked.families.includes(name));
  const reads = new Set(wanted.map((one) => one.reads));
  const read = await readFacts(needs.sources, reads, needs.clock.nowMs(), signal);
  const { facts } = read;
  const thread = trainingThread(signal);
  const outcomes: TrainingOutcome[] = [];
  try {
    for (const [at, { name }] of wanted.entries()) {
      const shareOf = (share: number) => 0.1 + (0.9 * (at + share)) / wanted.length;
      onProgress(`${name}: reading`, shareOf(0));
      const onStep = (step: string, share: number) => onProgress(`${name}: ${step}`, shareOf(share));
      const outcome = await trainOne(needs, thread, { facts, family: name, train: asked.train }, onStep);
      if (outcome !== null) outcomes.push(outcome);
      await tell(needs, thread, { ...read, family: name });
    }
  } finally {
    await thread.end();
  }
  return outcomes;
}

/** Has the model in charge say what it has to say of people, items or days, and keeps that; most say nothing. */
async function tell(
  { database, log }: TrainNeeds,
  thread: Thread,
  given: ReadFacts & { readonly family: ModelFamily },
): Promise<void> {
  const { facts, family, personIds } = given;
  const { reads, score, forecast, strange } = families.find(({ name }) => name === family)!;
  if (score === undefined && forecast === undefined && strange === undefined) return;
  const held = await readChampion(database, family);
  if (held === null) return;
  const result = await thread.ask(
    { facts, family, champion: championOf(held), work: "score" },
    () => undefined,
  );
  if (result.kind !== "scored") {
    return log.error(
      { family, cause: "why" in result ? result.why : result.kind },
      "what a model expects could not be told",
    );
  }
  const of = { version: held.version, toldMs: facts.nowMs };
  if (forecast !== undefined) await writeDemand(database, of, result.weeks);
  if (strange !== undefined) await database.transaction((tx) => writeAnomalies(tx, of, result.days));
  if (score === undefined) return;
  const scores = result.rows.map(({ person, ...row }) => ({
    ...row,
    personId: personIds[reads][person] as PersonId,
  }));
  await writeScores(database, { family, version: held.version, scoredMs: facts.nowMs }, scores);
  await noteScored(database, family, facts.nowMs);
}

async function trainOne(
  needs: TrainNeeds,
  thread: Thread,
  asked: { readonly facts: Facts; readonly family: ModelFamily; readonly train: boolean },
  onStep: OnProgress,
): Promise<TrainingOutcome | null> {
  const { database, clock, log } = needs;
  const { family } = asked;
  const held = await readChampion(database, family);
  if (held === null && !asked.train) return null;
  const champion = held === null ? null : championOf(held);
  const work = asked.train ? "train" : "look";
  const result = await thread.ask({ facts: asked.facts, family, champion, work }, onStep);
  if (held !== null && (result.kind === "trained" || result.kind === "looked")) {
    const drift = driftOf({
      card: held.card,
      inputs: result.inputs,
      since: sinceOf(result),
      nowMs: clock.nowMs(),
    });
    await writeDrift(database, held.version, drift);
  }
  if (result.kind === "looked" || result.kind === "scored") return null;
  if (result.kind === "failed")
    log.error({ family, cause: result.why }, "a family of models could not be trained");
  const outcome =
    result.kind === "trained"
      ? await keep(needs, family, { champion, trained: result.trained, inputs: result.inputs })
      : notTrained(family, result);
  if (asked.train) await keepOutcome(database, outcome, clock.nowMs());
  return outcome;
}

function championOf(held: NonNullable<Awaited<ReturnType<typeof readChampion>>>): Champion {
  const { version, untilMs, bytes, card } = held;
  return { version, untilMs, bytes, recipe: card.recipe, measuredMs: card.split.days * 86_400_000 };
}

function sinceOf({ since }: Extract<Result, { kind: "trained" | "looked" }>) {
  if (since === null || since.values.length < limits.trainingGroupMin) return null;
  return { people: since.values.length, value: estimateOf(since.values)! };
}

function notTrained(
  family: ModelFamily,
  result: Extract<Result, { kind: "lacking" | "failed" }>,
): TrainingOutcome {
  if (result.kind === "lacking") return { family, state: "lacking", promoted: false, why: result.why };
  const [first = ""] = result.why.split("\n", 1);
  const why = { en: `It failed: ${first}`.slice(0, 500), es: `Falló: ${first}`.slice(0, 500) };
  return { family, state: "failed", promoted: false, why };
}

/** Keeps the model with its card, and puts it in charge when it is not worse. */
async function keep(
  { database, clock }: TrainNeeds,
  family: ModelFamily,
  made: { readonly champion: Champion | null; readonly trained: Trained; readonly inputs: Float64Array },
): Promise<TrainingOutcome> {
  const { trained, champion } = made;
  const verdict = judge(champion?.version ?? null, trained.gain);
  const { says, inputs: about } = modelFamilies[family];
  const inputs = inputsOf(made.inputs);
  const card: ModelCard = {
    says,
    ...trained.card,
    inputs: inputs === null ? null : { says: about, ...inputs },
    verdict,
  };
  const { counts, bytes, fromMs, untilMs } = trained;
  const trainedMs = clock.nowMs();
  const version = await database.transaction(async (tx) => {
    const inserted = await insertModel(tx, { family, trainedMs, fromMs, untilMs, ...counts, card, bytes });
    if (verdict.promoted) await promoteModel(tx, inserted);
    return inserted;
  });
  return { family, state: "trained", version, promoted: verdict.promoted, why: verdict.why };
}
