import type { DemoResult, Share } from "./result.ts";
import { grouped } from "./ticker.ts";
import type { Wording } from "./wording.ts";

/** The figures so far, in three lines of at most a hundred columns. */
export function statusLines(result: DemoResult, words: Wording): readonly string[] {
  const { events, decisions, conversions } = result;
  const open = `${grouped(result.momentsOpen)}${result.momentsOpenMore ? "+" : ""}`;
  const state = [
    `${grouped(events.applied)} ${words.events}`,
    `${events.quarantined} ${words.quarantined}`,
    `${grouped(result.people)} ${words.people}`,
    `${open} ${words.openMoments}`,
  ];
  const all = Object.values(decisions).reduce((sum, one) => sum + one, 0);
  const bases = [
    `${decisions.personal} ${words.personal}`,
    ...(["no_consent", "holdout", "nobody"] as const).map(
      (basis) => `${decisions[basis]} ${words.bases[basis]}`,
    ),
  ];
  const treated = `${words.treated} ${percent(conversions.treated)}`;
  const holdout = `${words.holdout} ${percent(conversions.holdout)}`;
  return [
    `── ${state.join(" · ")} ──`,
    `   ${grouped(all)} ${words.decisions}: ${bases.join(", ")}`,
    `   ${words.visitsBought}: ${treated}, ${holdout}`,
  ];
}

/** "34 % (17/50)"; a dash while there is nothing to divide by. */
function percent({ visits, bought }: Share): string {
  return visits === 0 ? "–" : `${Math.round((100 * bought) / visits)} % (${bought}/${visits})`;
}
