import type { SourceText } from "../tree.ts";

const chapterPath = /^packages\/hub\/guide\/(\d\d-[a-z0-9-]+)\.test\.ts$/;

/** The name of the page a test file is a chapter of, or undefined when it is none. */
export function chapterOf(path: string): string | undefined {
  return chapterPath.exec(path)?.[1];
}

/** Prints docs/guides/NN-….md from a chapter: the prose of its first comment, then each test under its name. */
export function printChapter({ path, text }: SourceText): string {
  const { title, prose, rest } = partsOf({ path, text });
  const tests = testsIn(rest);
  const given = givenIn(rest);
  return [
    `# ${title}`,
    `*Printed from \`${path}\` by \`npm run generate\`. Each heading below is a test, and \`npm test -- guide\` runs it.*`,
    prose,
    ...(given === "" ? [] : ["## Given", fenced(given)]),
    ...tests.flatMap(({ name, body }) => [`## ${sentence(name)}`, fenced(body)]),
  ]
    .join("\n\n")
    .concat("\n");
}

/** Prints docs/guides/README.md: the chapters in their order. */
export function printContents(chapters: readonly SourceText[]): string {
  const lines = chapters.map((one) => {
    const { title } = partsOf(one);
    return `- [${title}](${chapterOf(one.path)}.md)`;
  });
  return `# Guide

*Printed from \`packages/hub/guide/\` by \`npm run generate\`.*

How Trato behaves, chapter by chapter. Every chapter is a test file: it opens a hub on a database of its own and asks it
over HTTP, so what stands here is true of the version it comes with. \`shop\` and the other helpers are in
[shop.ts](../../packages/hub/guide/testing/shop.ts) and its neighbours.

${lines.join("\n")}
`;
}

const header = /^\/\*\*\n([\s\S]*?)\n \*\/\n/;

function partsOf({ path, text }: SourceText): { title: string; prose: string; rest: string } {
  const found = header.exec(text);
  const prose = found?.[1]?.replaceAll(/^ \* ?/gm, "") ?? "";
  const title = /^# (.+)$/m.exec(prose)?.[1];
  if (found === null || title === undefined) {
    throw new Error(`${path} is a chapter: begin it with a comment whose first line is "# N. Title".`);
  }
  return { title, prose: prose.replace(/^# .+\n+/, "").trim(), rest: text.slice(found[0].length) };
}

/** Every test of the file: what stands between its first and its last line. */
function testsIn(rest: string): { name: string; body: string }[] {
  const found = rest.matchAll(/^test\("(.+)", async \(\) => \{\n([\s\S]*?)\n\}\);$/gm);
  return [...found].map(([, name = "", body = ""]) => ({ name, body: body.replaceAll(/^ {2}/gm, "") }));
}

/** What the file says before its first test, less what every chapter says. */
function givenIn(rest: string): string {
  return rest
    .slice(0, rest.search(/^test\(/m))
    .replaceAll(/^import (?:[^;]|\n)+?;\n/gm, "")
    .replace(/^const shop = await openShop\(\);\n/m, "")
    .replace(/^after\(\(\) => shop\.stop\(\)\);\n/m, "")
    .trim();
}

const sentence = (name: string): string => `${name[0]!.toUpperCase()}${name.slice(1)}`;
const fenced = (code: string): string => `\`\`\`ts\n${code}\n\`\`\``;
