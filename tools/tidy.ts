/**
 * The rules that no linter knows. tidy.test.ts runs them on the whole tree; each finding says its remedy.
 *
 *   node tools/tidy.ts     says what to put right, one line each
 */
import { checkBudgets } from "./tidy/budgets.ts";
import { checkCalls } from "./tidy/calls.ts";
import { type Excuse, excuses } from "./tidy/excuses.ts";
import { checkPaths } from "./tidy/paths.ts";
import { checkRooms } from "./tidy/rooms.ts";
import { checkSql } from "./tidy/sql.ts";
import { checkTests } from "./tidy/tests.ts";
import { type Finding, readTree, type Tree } from "./tidy/tree.ts";
import { checkWords } from "./tidy/words.ts";

const rules = [checkCalls, checkWords, checkBudgets, checkRooms, checkSql, checkTests, checkPaths];

/** Every finding that no excuse covers, and every excuse that covers more than there is, sorted. */
export function tidy(tree: Tree, excused: readonly Excuse[] = excuses): string[] {
  const groups = Map.groupBy(
    rules.flatMap((rule) => rule(tree)),
    ({ rule, path }) => `${rule} ${path}`,
  );
  const said: string[] = [];
  for (const excuse of excused) {
    const key = `${excuse.rule} ${excuse.path}`;
    const amount = amountOf(groups.get(key) ?? []);
    if (amount < excuse.most) {
      const remedy = amount === 0 ? "remove it" : `lower it to ${amount}`;
      said.push(
        `tools/tidy/excuses.ts: the excuse for ${excuse.path} (${excuse.rule}) covers more than there is; ${remedy}`,
      );
    }
    if (amount <= excuse.most) groups.delete(key);
  }
  return [...said, ...[...groups.values()].flat().map(sentence)].sort();
}

const amountOf = (findings: readonly Finding[]): number =>
  findings.reduce((sum, { amount }) => sum + (amount ?? 1), 0);

const sentence = ({ path, line, says }: Finding): string =>
  `${path}${line === undefined ? "" : `:${line}`}: ${says}`;

if (import.meta.main) {
  const found = tidy(readTree());
  for (const line of found) console.log(line);
  process.exitCode = found.length === 0 ? 0 : 1;
}
