import type { Answered, Provider } from "../index.ts";

/** A provider that does as it is told next, and knows a key again. */
export function scripted() {
  const script: Answered["is"][] = [];
  const known = new Map<string, Answered>();
  let made = 0;
  const answer = (key: string): Answered => {
    const there = known.get(key);
    if (there !== undefined) return there;
    const is = script.shift() ?? "done";
    if (is === "unknown") return { is, reason: "lost" };
    const answered: Answered =
      is === "done"
        ? { is, reference: `ref-${++made}` }
        : is === "action_needed"
          ? { is, reference: `ref-${++made}`, clientSecret: "s" }
          : { is, reason: "no" };
    known.set(key, answered);
    return answered;
  };
  const provider: Provider = {
    name: "stripe",
    takes: () => true,
    authorise: async ({ key }) => answer(key),
    capture: async ({ key }) => answer(key),
    release: async ({ key }) => answer(key),
    refund: async ({ key }) => answer(key),
    look: async ({ reference }) => ({ is: "action_needed", reference, clientSecret: "s" }),
    readNotice: () => ({ ok: true, value: null }),
  };
  return { provider, script };
}
