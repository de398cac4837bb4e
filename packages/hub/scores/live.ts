import { limits } from "@trato/base";
import { type Database, keepSnapshot, type Log, rememberPast } from "../platform/index.ts";
import { readChampionVersions, readModelBytes } from "./store.ts";
import { noScores, openScores, type Scores } from "./view.ts";

export type LiveScores = {
  /** The models in charge; `noScores` until something was trained. The same object until another model takes charge. */
  current(): Scores;
  /** The models of a version, for replay; null when there is no such version. The last few stay in memory. */
  load(version: string): Promise<Scores | null>;
  /** Looks whether another model took charge. Throws when the database does not answer; the old one then stays. */
  refresh(): Promise<Scores>;
  stop(): Promise<void>;
};

/** The versions of the models in charge, one of each family, are named together: "3+7". A model alone is named alone. */
const joint = "+";

/** Thrown, not remembered: a version that is missing now may be trained later. */
class ModelMissing extends Error {}

/** The models in memory, the same in every hub within `limits.snapshotPollMs` of a promotion. */
export async function createLiveScores(needs: {
  readonly database: Database;
  readonly log: Log;
  /** Told of every view that takes charge. */
  readonly onChange?: (scores: Scores) => void;
}): Promise<LiveScores> {
  const { database, log } = needs;
  const open = async (version: string): Promise<Scores> => {
    const versions = version.split(joint);
    const known = versions.every((one) => /^[1-9][0-9]{0,17}$/.test(one));
    const models = known ? await readModelBytes(database, versions) : [];
    if (models.length !== versions.length) throw new ModelMissing(`There are no models ${version}.`);
    return openScores(version, models);
  };
  const past = rememberPast(open, limits.modelsInMemoryMax);
  const snapshots = await keepSnapshot<Scores>({
    name: "scores",
    log,
    async load(before) {
      const version = (await readChampionVersions(database)).join(joint);
      if (version === "" || version === before?.version) return before ?? noScores;
      const scores = await past(version);
      needs.onChange?.(scores);
      return scores;
    },
  });
  return {
    current: snapshots.now,
    async load(version) {
      if (version === noScores.version) return noScores;
      if (version === snapshots.now().version) return snapshots.now();
      try {
        return await past(version);
      } catch (cause) {
        if (cause instanceof ModelMissing) return null;
        throw cause;
      }
    },
    refresh: snapshots.refresh,
    stop: snapshots.stop,
  };
}
