import { type Finding, isCode, isGenerated, type Tree } from "./tree.ts";

const budget = {
  fileLinesMax: 300,
  functionLinesMax: 70,
  lineColumnsMax: 120,
  /** A row of a table that a shopkeeper could check stays one line. */
  testLineColumnsMax: 160,
  roomReadmeLinesMax: 40,
  fileBytesMax: 256 * 1024,
} as const;

const lineCount = (text: string): number => text.split("\n").length - (text.endsWith("\n") ? 1 : 0);

/** How long things may grow. Nine files in ten of the codebases we like to read are under 300 lines. */
export function checkBudgets(tree: Tree): Finding[] {
  return [
    ...longFiles(tree),
    ...longLines(tree),
    ...longFunctions(tree),
    ...longReadmes(tree),
    ...heavyFiles(tree),
  ];
}

function longFiles({ texts }: Tree): Finding[] {
  return texts
    .filter(({ path }) => isCode(path))
    .map(({ path, text }) => ({ path, amount: lineCount(text) }))
    .filter(({ amount }) => amount > budget.fileLinesMax)
    .map(({ path, amount }) => ({
      rule: "file-lines",
      path,
      amount,
      says: `${amount} lines, over ${budget.fileLinesMax}: it holds more than one idea; give each a file`,
    }));
}

/** A line that is one text, or a name and one text, stays whole, so that a message can be searched for. */
const isOneText = /^\s*(?:\w+: |return |: |\? |comment on .+ is )?(["'`]).*\1[,;)]*$/;
const isOnePattern = /^\s*(?:(?:export )?const \w+ = |return |\w+: )?(?:\/.*\/[a-z]*|String\.raw`.*`)[,;)]*$/;
const isTest = /\.test\.ts$|\/testing\//;

function longLines({ texts }: Tree): Finding[] {
  return texts
    .filter(({ path }) => !path.endsWith(".md"))
    .flatMap(({ path, text }) =>
      text.split("\n").flatMap((line, index) => {
        const columns = [...line].length;
        const most = isTest.test(path) ? budget.testLineColumnsMax : budget.lineColumnsMax;
        if (columns <= most || isOneText.test(line) || isOnePattern.test(line)) return [];
        return [
          {
            rule: "line-columns",
            path,
            line: index + 1,
            says: `${columns} columns, over ${most}: break it, or name a part of it (a text may fill a line of its own)`,
          },
        ];
      }),
    );
}

/** A function that holds tests, such as the callback of `describe` or a shared suite, is a list of them. */
function longFunctions({ facts }: Tree): Finding[] {
  return facts.flatMap(({ path, functions, tests }) =>
    functions
      .filter(({ lines }) => lines > budget.functionLinesMax)
      .filter(({ line, lines }) => !tests.some((one) => one.line > line && one.line < line + lines))
      .map(({ name, line, lines }) => ({
        rule: "function-lines",
        path,
        line,
        amount: lines,
        says: `${name} has ${lines} lines, over ${budget.functionLinesMax}: take out the parts that have a name`,
      })),
  );
}

function longReadmes({ texts }: Tree): Finding[] {
  return texts
    .filter(({ path }) => /^packages\/hub\/[^/]+\/README\.md$/.test(path))
    .map(({ path, text }) => ({ path, amount: lineCount(text) }))
    .filter(({ amount }) => amount > budget.roomReadmeLinesMax)
    .map(({ path, amount }) => ({
      rule: "readme-lines",
      path,
      amount,
      says: `${amount} lines, over ${budget.roomReadmeLinesMax}: what is more than what it owns, its words and invariants belongs in docs/`,
    }));
}

function heavyFiles({ files }: Tree): Finding[] {
  return files
    .filter(({ path, bytes }) => bytes > budget.fileBytesMax && !isGenerated(path))
    .map(({ path, bytes }) => ({
      rule: "file-bytes",
      path,
      amount: bytes,
      says: `${Math.ceil(bytes / 1024)} KiB, over ${budget.fileBytesMax / 1024}: every clone carries it for ever; make it from a seed, or fetch it`,
    }));
}
