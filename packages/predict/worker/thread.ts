import type { FitReply, FitRequest } from "./fit-in-worker.ts";
import { type Kept, type ModelKind, models } from "./models.ts";
import { answerStarter } from "./threads.ts";

/** Less than this is not worth a message. */
const shareTold = 0.01;

/** The thread's own code: one request in, progress and one model's bytes out. */
answerStarter((message, post) => {
  const { name, given } = message as FitRequest;
  const say = (reply: FitReply, handedOver: readonly ArrayBuffer[] = []) => post(reply, handedOver);
  const { fit, dataCount } = models[name] as ModelKind<unknown[], Kept>;
  let told = 0;
  const progress = (share: number): void => {
    if (share - told < shareTold) return;
    told = share;
    say({ kind: "progress", share });
  };
  try {
    const data = Array.from({ length: dataCount }, (_, at) => given[at]);
    const bytes = fit(...data, { ...(given[dataCount] as object | undefined), progress }).toBytes();
    say({ kind: "fitted", bytes }, bytes.buffer instanceof ArrayBuffer ? [bytes.buffer] : []);
  } catch (cause) {
    say({ kind: "refused", says: cause instanceof Error ? cause.message : String(cause) });
  }
});
