import type { Finding, Tree } from "./tree.ts";

type Word = { readonly found: RegExp; readonly example: string; readonly instead: string };

const finish = "finish the line before it lands, or leave it out";

/** This file is the only one in which these words may stand. */
export const bannedWords: readonly Word[] = [
  { found: /\b(FIXME|TODO|HACK)\b/, example: "// TODO: rest", instead: finish },
  // In a comment only: XXX is also the ISO 4217 code for "no currency".
  { found: /(\/\/|\*|--)\s*XXX\b/, example: "// XXX rest", instead: finish },
  { found: /\bplaceholder\b(?!=)/i, example: "// a placeholder", instead: finish },
  { found: /\bnot (yet )?implemented\b/i, example: 'throw new Error("Not implemented")', instead: finish },
  {
    found: /@ts-(ignore|nocheck)/,
    example: "// @ts-ignore",
    instead: "say the type; @ts-expect-error with a reason where a test hands over what does not compile",
  },
  {
    found: /(?<![\w.:/])\/(home|Users|work|root)\/\w/,
    example: 'const data = "/home/ana/data"',
    instead: "take the path from a setting: this one exists on one machine only",
  },
];

const own = "tools/tidy/words.ts";

/** Words that say that something is unfinished. Code and SQL only: prose may speak of them. */
export function checkWords({ texts }: Tree): Finding[] {
  return texts
    .filter(({ path }) => !path.endsWith(".md") && path !== own)
    .flatMap(({ path, text }) =>
      text.split("\n").flatMap((line, index) =>
        bannedWords
          .filter(({ found }) => found.test(line))
          .map(({ found, instead }) => ({
            rule: "words",
            path,
            line: index + 1,
            says: `"${found.exec(line)?.[0]}" stands here: ${instead}`,
          })),
      ),
    );
}
