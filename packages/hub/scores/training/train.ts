import { type Clock, limits } from "@trato/base";
import { type Result, refuse } from "@trato/contract";
import type { Database } from "../../platform/index.ts";
import {
  insertModel,
  type ModelRow,
  promoteModel,
  readChampionVersion,
  readModel,
  readModelBytes,
} from "../store.ts";
import { type Collected, collect, type Purchase } from "./collect.ts";
import type { Champion } from "./contender.ts";
import { fitInThread } from "./thread.ts";
import { judge } from "./verdict.ts";

export type TrainNeeds = {
  readonly database: Database;
  readonly clock: Clock;
  /** Every purchase of the log that belongs to a person, a page at a time, in any sequence; not those cancelled. */
  purchases(): AsyncIterable<readonly Purchase[]>;
};

export type TrainStep = "reading" | "fitting" | "measuring" | "fitting again" | "keeping";
export type OnProgress = (step: TrainStep, shareDone: number) => void;

/**
 * Trains one model: reads the purchases, fits and measures in a worker thread, keeps the model with its card, and puts
 * it in charge when it is not worse than the one that is. Refused when there is too little to learn from. Callers make
 * sure that one runs at a time. Throws the signal's reason when it is told to stop; nothing is kept then.
 */
export async function train(
  needs: TrainNeeds,
  onProgress: OnProgress = () => undefined,
  signal?: AbortSignal,
): Promise<Result<ModelRow, "training_data_missing">> {
  onProgress("reading", 0);
  const collected = await collect(needs.purchases(), () => undefined, signal);
  const lacking = lackOf(collected);
  if (lacking !== null) return refuse("training_data_missing", { detail: lacking });
  const champion = await readChampion(needs.database);
  const { bytes, figures, recall10Gain } = await fitInThread({ collected, champion }, onProgress, signal);

  onProgress("keeping", 0.95);
  const verdict = judge(champion?.version ?? null, recall10Gain);
  const says = {
    en: "What is bought with what and after what, and when somebody is due to buy it again.",
    es: "Qué se compra con qué y después de qué, y cuándo le toca a alguien volver a comprarlo.",
  };
  const { personCount, basketCount, skus, fromMs, untilMs } = collected;
  const trainedMs = needs.clock.nowMs();
  const counts = { people: personCount, orders: basketCount, items: skus.length };
  const card = { says, ...figures, verdict };
  const version = await needs.database.transaction(async (tx) => {
    const inserted = await insertModel(tx, { trainedMs, fromMs, untilMs, ...counts, card, bytes });
    if (verdict.promoted) await promoteModel(tx, inserted);
    return inserted;
  });
  return { ok: true, value: (await readModel(needs.database, version))! };
}

function lackOf({ personCount, basketCount, fromMs, untilMs }: Collected): string | null {
  const { trainingPeopleMin, trainingOrdersMin } = limits;
  if (personCount < trainingPeopleMin || basketCount < trainingOrdersMin) {
    return `Training needs ${trainingOrdersMin} orders of ${trainingPeopleMin} people; there are ${basketCount} of ${personCount}.`;
  }
  return untilMs > fromMs ? null : "All orders have the same time, so nothing can be foretold.";
}

async function readChampion(database: Database): Promise<Champion | null> {
  const version = await readChampionVersion(database);
  if (version === null) return null;
  const row = await readModel(database, version);
  const bytes = await readModelBytes(database, version);
  return row === null || bytes === null ? null : { version, untilMs: row.untilMs, bytes };
}
