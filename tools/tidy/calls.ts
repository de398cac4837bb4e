import { isTestCode } from "../tree.ts";
import type { Finding, Tree } from "./tree.ts";

type Banned = {
  readonly found: RegExp;
  readonly instead: string;
  /** Files, folders (ending in `/`), or tests, in which it may stand. */
  readonly home: readonly string[];
};

const tests = "tests";

const bannedCalls: readonly Banned[] = [
  {
    found: /^Math\.random$/,
    home: [],
    instead: "chance(seed) from @trato/base, so that a run can be repeated",
  },
  {
    found: /^(Date\.now|new Date\(\))$/,
    home: ["packages/base/clock.ts"],
    instead: "a Clock from @trato/base, so that a test can move time",
  },
  {
    found: /^process\.env$/,
    home: ["packages/hub/platform/config.ts", "packages/cli/main.ts", "bench/", "tools/", tests],
    instead: "the Config of hub/platform, so that every setting is listed once",
  },
  {
    found: /^console\./,
    home: ["packages/cli/", "packages/town/", "bench/", "tools/", tests],
    instead: "the Log that was passed in, so that what the hub says can be read by a machine",
  },
];

/** What would make time, chance or settings invisible, and casts that switch the types off. */
export function checkCalls({ facts }: Tree): Finding[] {
  return facts.flatMap(({ path, reads, anyCasts }) => [
    ...reads.flatMap(({ text, line }) => {
      const banned = bannedCalls.find(({ found, home }) => found.test(text) && !isHome(path, home));
      return banned === undefined
        ? []
        : [{ rule: "calls", path, line, says: `${text} is not for here; use ${banned.instead}` }];
    }),
    ...anyCasts.map(({ line }) => ({
      rule: "calls",
      path,
      line,
      says: "`as any` switches the types off; say the type, or read the value as unknown and check it",
    })),
  ]);
}

function isHome(path: string, home: readonly string[]): boolean {
  return home.some((one) => {
    if (one === tests) return isTestCode(path);
    return one.endsWith("/") ? path.startsWith(one) : path === one;
  });
}
