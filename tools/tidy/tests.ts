import { isTestCode } from "../tree.ts";
import type { Finding, Tree } from "./tree.ts";

const switchedOff = /^(test|it|describe|suite)\.(only|skip|todo)$/;

/** Every test runs, and a name means one test. A skip that is decided while running may stand, with its reason. */
export function checkTests({ facts }: Tree): Finding[] {
  return facts
    .filter(({ path }) => isTestCode(path))
    .flatMap(({ path, reads, switches, tests }) => [
      ...[
        ...reads.filter(({ text }) => switchedOff.test(text)).map(({ text, line }) => ({ name: text, line })),
        ...switches,
      ].map(({ name, line }) => ({
        rule: "tests",
        path,
        line,
        says: `${name} keeps tests from running; repair the test, or decide while running: { skip: reason }`,
      })),
      ...tests
        .filter(
          ({ name }, index) => name !== undefined && tests.findIndex((other) => other.name === name) < index,
        )
        .map(({ name, line }) => ({
          rule: "tests",
          path,
          line,
          says: `"${name}" names two tests; say what sets this one apart`,
        })),
    ]);
}
