import { setTimeout as delay } from "node:timers/promises";
import {
  allModelFamilies,
  type Model,
  type ModelFamily,
  readModel,
  readTraining,
  startTraining,
  type TrainingStatus,
} from "@trato/contract";
import { Argument, type Command } from "commander";
import { exitCodes, Failure } from "../failure.ts";
import { trainingText } from "../model-text.ts";
import { startBar } from "../progress.ts";
import type { Session } from "../session.ts";
import type { Shell } from "../shell.ts";
import { verb } from "../verb.ts";

const pollMs = 500;
const pollsMax = 24 * 7_200;

/** `trato train [family]`: trains models, follows that to its end, and prints how well they foretell what is new. */
export const trainVerb = (shell: Shell): Command =>
  verb(
    shell,
    "train",
    "train models on what was kept and say how good they are",
    async (session, [family]) => {
      const { client, say } = session;
      const query = family === undefined ? {} : { family: family as ModelFamily };
      const { jobId } = await client.call(startTraining, { query });
      const done = await follow(session, jobId);
      if (done.state !== "done") {
        const detail = `${say("notTrained", { state: say(`training_${done.state}`) })} ${done.detail}`;
        throw new Failure(exitCodes.refused, detail.trim(), { ...done, code: `training_${done.state}` });
      }
      const models: Model[] = [];
      for (const { version } of done.families) {
        if (version !== undefined) models.push(await client.call(readModel, { params: { model: version } }));
      }
      session.answer({ ...done, models }, () => trainingText(done.families, models, session));
    },
  )
    .addArgument(new Argument("[family]", "what to train (default: all)").choices(allModelFamilies))
    .addHelpText("after", "\nCtrl-C only stops watching: the training goes on in the hub.");

async function follow({ client, shell, json }: Session, jobId: string): Promise<TrainingStatus> {
  const bar = startBar(shell, { hidden: json });
  try {
    for (let polls = 0; polls < pollsMax; polls++) {
      const status = await client.call(readTraining, { params: { jobId } });
      if (status.state !== "waiting" && status.state !== "running") return status;
      bar.show({ share: status.shareDone, says: status.step });
      await delay(pollMs);
    }
  } finally {
    bar.end();
  }
  const detail = `The training ${jobId} has not ended in a day; look at the hub's log.`;
  throw new Failure(exitCodes.refused, detail, { code: "training_endless", jobId, detail });
}
