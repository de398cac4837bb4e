import type { PersonId } from "@trato/base";
import { ok, type Result, refuse } from "@trato/contract";
import { type Difference, differences } from "./compare.ts";
import { decide } from "./decide.ts";
import type { DecideNeeds } from "./decisions.ts";
import type { SeenProfile } from "./needs.ts";
import { policyVersion } from "./policy.ts";
import { codeVersion, type DecisionRecord, type Versions } from "./record.ts";
import type { Shelf, Shelves } from "./shelf.ts";
import { readPolicy, readRecordText } from "./store.ts";

export type Replayed = Result<
  {
    readonly decisionId: string;
    readonly matches: boolean;
    readonly differences: Difference[];
    readonly versions: Versions;
  },
  "decision_unknown" | "replay_code_changed" | "model_unknown"
>;

/**
 * Decides again what was decided then: the person folded anew from the log up to the recorded position, the models,
 * items, offers and policy of the recorded versions, the recorded time and seed. Later events have later positions, so
 * they change nothing. The two records must have the same JSON text.
 */
export async function replay(needs: DecideNeeds, shelves: Shelves, decisionId: string): Promise<Replayed> {
  const text = await readRecordText(needs.database, decisionId);
  if (text === undefined) return refuse("decision_unknown");
  const record = JSON.parse(text) as DecisionRecord;
  const changed = codeChanged(record, needs);
  if (changed !== undefined) return refuse("replay_code_changed", { detail: changed });
  const shelf = await shelfOf(needs, shelves, record);
  if (!shelf.ok) return shelf;
  const again = decide({
    decisionId,
    nowMs: record.decidedAtMs,
    request: record.request,
    profile: await profileOf(needs, record),
    shelf: shelf.value,
    spent: new Set(record.spent),
    soldOut: new Set(record.soldOut),
    clicked: () => record.clicked ?? [],
    foldVersion: needs.people.foldVersion,
  });
  const { promise, prices } = record;
  const beside = {
    ...(promise === undefined ? {} : { promise }),
    ...(prices === undefined ? {} : { prices }),
  };
  const matches = JSON.stringify({ ...again, ...beside }) === text;
  return ok({
    decisionId,
    matches,
    differences: matches ? [] : differences(record, JSON.parse(JSON.stringify(again))),
    versions: record.versions,
  });
}

function codeChanged({ versions }: DecisionRecord, needs: DecideNeeds): string | undefined {
  if (versions.code !== codeVersion)
    return `The rules were version ${versions.code} and are ${codeVersion} now.`;
  const fold = needs.people.foldVersion;
  return versions.fold === fold ? undefined : `The fold was ${versions.fold} and is ${fold} now.`;
}

async function shelfOf(
  needs: DecideNeeds,
  shelves: Shelves,
  { versions }: DecisionRecord,
): Promise<Result<Shelf, "replay_code_changed" | "model_unknown">> {
  // The policy in charge is one object: using it again finds the shelf that is ready.
  const current = versions.policy === policyVersion(needs.policy);
  const policy = current ? needs.policy : await readPolicy(needs.database, versions.policy);
  if (policy === undefined)
    return refuse("replay_code_changed", { detail: `Policy ${versions.policy} is not kept.` });
  const [catalogue, offers, scores] = await Promise.all([
    needs.catalogue.asOf(versions.catalogue),
    needs.offers.asOf(versions.offers),
    needs.scores.asOf(versions.scores),
  ]);
  if (scores === null) return refuse("model_unknown", { detail: `Model ${versions.scores} is not kept.` });
  return ok(shelves(catalogue, offers, scores, policy));
}

async function profileOf(needs: DecideNeeds, record: DecisionRecord): Promise<SeenProfile | null> {
  if (record.personId === null) return null;
  const { position } = record;
  const members = record.members as readonly PersonId[];
  return {
    personId: record.personId as PersonId,
    members,
    position,
    slices: await needs.people.asOf({ members, position }),
  };
}
