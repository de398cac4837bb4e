import type { PersonId } from "@trato/base";
import { ok, type Result, readPersonScores } from "@trato/contract";
import { type Database, type Route, route } from "../../platform/index.ts";
import { readScoresOf } from "../person-store.ts";

type Find = (named: {
  personId: PersonId;
}) => Promise<Result<{ readonly members: readonly PersonId[] }, "person_unknown" | "person_erased">>;

export const readScoresRoute = (needs: { readonly database: Database; readonly find: Find }): Route =>
  route(readPersonScores, async ({ params }) => {
    const personId = params.personId as PersonId;
    const found = await needs.find({ personId });
    if (!found.ok) return found;
    const scores = await readScoresOf(needs.database, found.value.members);
    return ok({
      personId,
      scores: scores.map(({ family, subject, version, scoredMs, score }) => ({
        family,
        ...(subject === "" ? {} : { subject }),
        version,
        scoredAt: new Date(scoredMs).toISOString(),
        score,
      })),
    });
  });
