import { readTraining, refuse } from "@trato/contract";
import { type Database, type Route, route } from "../../platform/index.ts";
import { readTraining as readRow } from "../training-store.ts";

export const readTrainingRoute = (needs: { readonly database: Database }): Route =>
  route(readTraining, async ({ params }) => {
    const row = await readRow(needs.database, params.jobId);
    if (row === null) return refuse("job_unknown");
    const { jobId, state, step, shareDone, detail, version, outcomes, askedMs, changedMs } = row;
    const askedAt = new Date(askedMs).toISOString();
    const changedAt = new Date(changedMs).toISOString();
    const trained = version === null ? {} : { version };
    const families = [...outcomes];
    return {
      ok: true,
      value: { jobId, state, step, shareDone, detail, ...trained, families, askedAt, changedAt },
    };
  });
