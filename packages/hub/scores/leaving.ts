import type { ModelCard } from "@trato/contract";

/**
 * How far a model of the family churn looks ahead, in days, if its card says that it did better than lifetimes in the
 * days kept aside for both; null if not, or if there was nothing to compare.
 */
export function churnHorizonOf({
  measured,
  settings,
}: Pick<ModelCard, "measured" | "settings">): number | null {
  const lifetime = measured?.rivals.find(({ name }) => name === "lifetime");
  if (measured == null || lifetime === undefined) return null;
  const [own, other] = [measured.value.mean, lifetime.value.mean];
  const isBetter = measured.better === "more" ? own > other : own < other;
  const days = settings["horizonDays"];
  return isBetter && typeof days === "number" ? days : null;
}
