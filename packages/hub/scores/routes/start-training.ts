import { uuid7 } from "@trato/base";
import { ok, startTraining } from "@trato/contract";
import { command, type Route } from "../../platform/index.ts";
import { askForTraining } from "../training-store.ts";

/** `onAsked` is called once the request is committed: it has a job look for the trainings that wait. */
export const startTrainingRoute = (needs: { readonly onAsked: () => void }): Route =>
  command(
    startTraining,
    async ({ tx, nowMs, query }) => {
      const asked = { jobId: uuid7(nowMs), nowMs, family: query.family ?? null };
      return ok({ jobId: await askForTraining(tx, asked) });
    },
    needs.onAsked,
  );
