import { limits } from "@trato/base";
import { readTraining, startTraining } from "@trato/contract";
import type { Stage } from "./stage.ts";

/** Has the hub learn from the history and waits for it; says the outcome. Too little history is no failure. */
export async function trainModels(stage: Stage): Promise<void> {
  const { api, ticker, words, signal, pause } = stage;
  const { jobId } = await api.call(startTraining);
  let waitedMs = 0;
  let shown = "";
  while (!signal.aborted) {
    const training = await api.call(readTraining, { params: { jobId } });
    if (training.state === "done") {
      return ticker.say(`${words.training}: 100 %, ${words.trained}: ${training.version ?? "–"}`, "dim");
    }
    if (training.state === "refused")
      return ticker.say(`${words.training}: ${words.notTrained}: ${training.detail}`);
    if (training.state === "failed" || waitedMs > limits.townTrainingMsMax) {
      throw new Error(`The training did not end well (${training.state}): ${training.detail}`);
    }
    const step = `${training.step} ${Math.round(training.shareDone * 100)} %`;
    if (step !== shown) ticker.say(`${words.training}: ${step}`, "dim");
    shown = step;
    await pause(300);
    waitedMs += 300;
  }
}
