import { setTimeout as delay } from "node:timers/promises";
import { type Model, readModel, readTraining, startTraining, type TrainingStatus } from "@trato/contract";
import type { Command } from "commander";
import { exitCodes, Failure } from "../failure.ts";
import { modelText } from "../model-text.ts";
import { startBar } from "../progress.ts";
import type { Session } from "../session.ts";
import type { Shell } from "../shell.ts";
import { verb } from "../verb.ts";

const pollMs = 500;
const pollsMax = 24 * 7_200;

/** `trato train`: trains a model, follows it to its end, and prints how well it foretold what it had not seen. */
export const trainVerb = (shell: Shell): Command =>
  verb(shell, "train", "train a model on all purchases and say how good it is", async (session) => {
    const { jobId } = await session.client.call(startTraining);
    const done = await follow(session, jobId);
    if (done.state !== "done" || done.version === undefined) {
      const detail = `${session.say("notTrained", { state: session.say(`training_${done.state}`) })} ${done.detail}`;
      throw new Failure(exitCodes.refused, detail.trim(), { ...done, code: `training_${done.state}` });
    }
    const model: Model = await session.client.call(readModel, { params: { version: done.version } });
    session.answer(model, () => modelText(model, session));
  }).addHelpText("after", "\nCtrl-C only stops watching: the training goes on in the hub.");

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
