import { exitCodes, Failure } from "./failure.ts";

/** A problem as the hub writes it (RFC 9457). */
export type Problem = {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
  readonly instance?: string;
};

/** A refusal in a few lines: what, why, which field, and where the hub's log knows more. */
export function refusedBy(problem: Problem, { hasKey }: { readonly hasKey: boolean }): Failure {
  const { code, title, detail, errors = [], instance, status } = problem;
  const lines = [`${title} (${code})`];
  if (detail !== undefined) lines.push(`  ${detail}`);
  for (const one of errors) lines.push(`  ${one.pointer}: ${one.detail}`);
  if (status === 401 && !hasKey) {
    lines.push("  No key was found: give --key, set TRATO_KEY, or set TRATO_HOME to the hub's home.");
  }
  if (status >= 500 && instance !== undefined) lines.push(`  instance ${instance}`);
  return new Failure(exitCodes.refused, lines.join("\n"), { ...problem });
}

/** Nobody answers, or not in time. */
export function hubAway(url: string, code: string): Failure {
  const says =
    code === "ECONNREFUSED"
      ? `No hub answers at ${url}: start one with \`trato start\`.`
      : `The hub at ${url} cannot be reached (${code}). Check the address and the network, and try again.`;
  return new Failure(exitCodes.hubAway, says, { code: "hub_away", url, detail: says });
}

export function notAHub(url: string): Failure {
  const says = `What answers at ${url} is no Trato hub. Check --url and TRATO_URL.`;
  return new Failure(exitCodes.hubAway, says, { code: "not_a_hub", url, detail: says });
}
