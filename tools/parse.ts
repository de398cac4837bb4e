/**
 * Facts about sources, read by TypeScript's own parser, so that a word in a comment or a text is never taken for
 * code. TypeScript 7 calls this interface unstable: no other file of ours may use it. When its process is closed it
 * may say "context canceled" on standard error, which means nothing.
 */
import * as ast from "typescript/unstable/ast";
import { createVirtualFileSystem } from "typescript/unstable/fs";
import { API } from "typescript/unstable/sync";
import type { SourceText } from "./tree.ts";

export type At<What> = What & { readonly line: number };

export type Facts = {
  readonly path: string;
  /** Static and dynamic imports, re-exports and `import("…")` types. */
  readonly imports: readonly At<{ specifier: string }>[];
  /** Functions with a body. */
  readonly functions: readonly At<{ name: string; lines: number }>[];
  /** Reads of a name's property, such as `Date.now`, and `new Date()` without arguments. */
  readonly reads: readonly At<{ text: string }>[];
  readonly anyCasts: readonly At<object>[];
  /** Texts and the fixed pieces of templates. */
  readonly texts: readonly At<{ text: string }>[];
  /** Calls of `test` and `it`; without a name when it is put together while running. */
  readonly tests: readonly At<{ name: string | undefined }>[];
  /** Options that switch a test off without a condition: `skip: true`, `todo: "later"`. */
  readonly switches: readonly At<{ name: string }>[];
};

type Writable<T> = { -readonly [Name in keyof T]: T[Name] extends readonly (infer One)[] ? One[] : T[Name] };

/** Reads all files in one go: about 3 ms a file, most of it the parser's start. */
export function parse(files: readonly SourceText[]): Facts[] {
  const tree: Record<string, string> = Object.fromEntries(
    files.map(({ path, text }) => [`/tree/${path}`, text]),
  );
  const compilerOptions = {
    noLib: true,
    noResolve: true,
    noEmit: true,
    types: [],
    allowImportingTsExtensions: true,
  };
  tree["/tree/tsconfig.json"] = JSON.stringify({ compilerOptions, files: files.map(({ path }) => path) });
  const api = new API({ cwd: "/tree", fs: createVirtualFileSystem(tree) });
  try {
    const [project] = api.updateSnapshot({ openProjects: ["/tree/tsconfig.json"] }).getProjects();
    return files.map(({ path }) => {
      const source = project?.program.getSourceFile(`/tree/${path}`);
      if (source === undefined) throw new Error(`${path} could not be parsed.`);
      return factsOf(path, source);
    });
  } finally {
    api.close();
  }
}

function factsOf(path: string, source: ast.SourceFile): Facts {
  const facts: Writable<Facts> = {
    path,
    imports: [],
    functions: [],
    reads: [],
    anyCasts: [],
    texts: [],
    tests: [],
    switches: [],
  };
  const lineAt = (position: number): number => source.getLineAndCharacterOfPosition(position).line + 1;
  for (const node of source.imports) {
    facts.imports.push({ specifier: (node as ast.StringLiteral).text, line: lineAt(node.getStart(source)) });
  }
  const visit = (node: ast.Node): void => {
    note(facts, node, lineAt(node.getStart(source)), lineAt(node.getEnd()));
    node.forEachChild(visit);
  };
  visit(source);
  return facts;
}

function note(facts: Writable<Facts>, node: ast.Node, line: number, lastLine: number): void {
  if (isText(node)) facts.texts.push({ text: node.text, line });
  else if (ast.isPropertyAccessExpression(node) && ast.isIdentifier(node.expression)) {
    facts.reads.push({ text: `${node.expression.text}.${node.name.text}`, line });
  } else if (isNewDateWithoutArguments(node)) facts.reads.push({ text: "new Date()", line });
  else if (ast.isAsExpression(node) && node.type.kind === ast.SyntaxKind.AnyKeyword)
    facts.anyCasts.push({ line });
  else if (ast.isCallExpression(node)) noteTest(facts, node, line);
  else if (ast.isPropertyAssignment(node)) noteSwitch(facts, node, line);
  else if (ast.isFunctionLikeDeclaration(node) && "body" in node && node.body !== undefined) {
    facts.functions.push({ name: nameOf(node), lines: lastLine - line + 1, line });
  }
}

type Text = ast.StringLiteral | ast.NoSubstitutionTemplateLiteral | ast.TemplateLiteralLikeNode;
function isText(node: ast.Node): node is Text {
  return (
    ast.isStringLiteral(node) ||
    ast.isNoSubstitutionTemplateLiteral(node) ||
    ast.isTemplateLiteralLikeNode(node)
  );
}

function isNewDateWithoutArguments(node: ast.Node): boolean {
  if (!ast.isNewExpression(node) || !ast.isIdentifier(node.expression)) return false;
  return node.expression.text === "Date" && (node.arguments?.length ?? 0) === 0;
}

const testCallers = new Set(["test", "it"]);

/** `test("name", …)` and `test.skip("name", …)`. */
function noteTest(facts: Writable<Facts>, call: ast.CallExpression, line: number): void {
  const called = ast.isPropertyAccessExpression(call.expression)
    ? call.expression.expression
    : call.expression;
  const first = call.arguments[0];
  if (first === undefined || !ast.isIdentifier(called) || !testCallers.has(called.text)) return;
  const fixed = ast.isStringLiteral(first) || ast.isNoSubstitutionTemplateLiteral(first);
  facts.tests.push({ name: fixed ? first.text : undefined, line });
}

const switchNames = new Set(["skip", "only", "todo"]);

function noteSwitch(facts: Writable<Facts>, node: ast.PropertyAssignment, line: number): void {
  if (!ast.isIdentifier(node.name) || !switchNames.has(node.name.text)) return;
  const fixed = ast.isTrueLiteral(node.initializer) || ast.isStringLiteral(node.initializer);
  if (fixed) facts.switches.push({ name: node.name.text, line });
}

function nameOf(node: ast.Node): string {
  const own = "name" in node ? (node.name as ast.Node | undefined) : undefined;
  if (own !== undefined) return textOf(own);
  const { parent } = node;
  if (ast.isCallExpression(parent)) return `the function handed to ${textOf(parent.expression)}`;
  const given = "name" in parent ? (parent.name as ast.Node | undefined) : undefined;
  return given === undefined ? "a function" : textOf(given);
}

function textOf(node: ast.Node): string {
  return ast.isIdentifier(node) ? node.text : node.getText();
}
