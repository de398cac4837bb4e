import { readReport } from "@trato/contract";
import type { Tally, Truth } from "../visits/effect.ts";
import { guard, type Stage } from "./stage.ts";
import { statusLines } from "./status.ts";
import { wrap } from "./ticker.ts";

/** The last figures: what was counted, what the town knows, what the hub measured. */
export async function sayFigures(stage: Stage): Promise<void> {
  const { ticker, words, result, language, api } = stage;
  ticker.say("");
  for (const line of statusLines(result, words)) ticker.say(line, "bold");
  const { needs, bought, boughtBecause } = shownSum(result.truth);
  ticker.say(
    `${words.truth}: ${needs} ${words.needsShown}, ${bought} ${words.met}, ${boughtBecause} ${words.because}`,
  );
  await guard(stage, async () => {
    const report = await api.call(readReport);
    for (const line of wrap(`${words.report}: ${report.says[language]}`)) ticker.say(line);
  });
}

function shownSum(truth: Truth): Tally {
  const sum: Tally = { needs: 0, bought: 0, boughtBecause: 0, addedChance: 0 };
  for (const { shown } of Object.values(truth)) {
    sum.needs += shown.needs;
    sum.bought += shown.bought;
    sum.boughtBecause += shown.boughtBecause;
    sum.addedChance += shown.addedChance;
  }
  return sum;
}

/** Where to read on, and what to type, with people and decisions of this run. */
export function sayCommands(stage: Stage, given: { readonly key: string; readonly command: string }): void {
  const { ticker, words, api, result } = stage;
  const { command, key } = given;
  ticker.say("");
  ticker.say(`${words.reference}: ${api.url}/reference`, "bold");
  if (result.example === null) return;
  const { decisionId, email, personId } = result.example;
  ticker.say(`${words.tryThis}:`);
  const lines = [
    `${command} decide --email ${email}`,
    `${command} why ${decisionId}`,
    `${command} replay ${decisionId}`,
    `${command} report`,
    `KEY=${key}`,
    `curl -H "Authorization: Bearer $KEY" "${api.url}/v1/moments?open=true&limit=5"`,
    `curl -H "Authorization: Bearer $KEY" ${api.url}/v1/people/${personId}`,
  ];
  for (const line of lines) ticker.say(`  ${line}`);
}
