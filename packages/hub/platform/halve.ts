import { isDatabaseAway, isDiskFull, mayTryAgain } from "./database.ts";

/** What became of one member of a batch: its answer, or what it threw. */
export type Outcome<Out> =
  | { readonly answer: Out }
  | {
      readonly cause: unknown;
    };

/**
 * Runs a batch; when it fails for a reason of its content, halves it until the culprit is alone, so that one member
 * fails no other. Cost of a failure: twice the logarithm of the batch in runs.
 */
export async function halving<In, Out>(
  batch: readonly In[],
  run: (batch: readonly In[]) => Promise<readonly Out[]>,
): Promise<readonly Outcome<Out>[]> {
  try {
    return (await run(batch)).map((answer) => ({ answer }));
  } catch (cause) {
    const isOurs = !isDatabaseAway(cause) && !isDiskFull(cause) && !mayTryAgain(cause);
    if (batch.length === 1 || !isOurs) return batch.map(() => ({ cause }));
    const middle = batch.length >> 1;
    const first = await halving(batch.slice(0, middle), run);
    return [...first, ...(await halving(batch.slice(middle), run))];
  }
}

/** The answer of an outcome; throws what was thrown. */
export function answerOf<Out>(outcome: Outcome<Out>): Out {
  if ("cause" in outcome) throw outcome.cause;
  return outcome.answer;
}
