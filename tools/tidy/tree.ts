import { statSync } from "node:fs";
import { join } from "node:path";
import { type Facts, parse } from "../parse.ts";
import { listFiles, readTexts, root, type SourceText } from "../tree.ts";

/** What the rules look at. */
export type Tree = {
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
  /** Code and prose that people write: .ts, .tsx, .sql and .md. */
  readonly texts: readonly SourceText[];
  /** One for each .ts and .tsx. */
  readonly facts: readonly Facts[];
};

/** One thing to put right, with its remedy. `amount` is what an excuse for it is measured in. */
export type Finding = {
  readonly rule: string;
  readonly path: string;
  readonly line?: number;
  readonly amount?: number;
  readonly says: string;
};

export function readTree(folder: string = root): Tree {
  const paths = listFiles(folder);
  const written = paths.filter((path) => !isGenerated(path));
  const texts = readTexts(written, [".ts", ".tsx", ".sql", ".md"], folder);
  return {
    files: paths.map((path) => ({ path, bytes: statSync(join(folder, path)).size })),
    texts,
    facts: parse(texts.filter(({ path }) => isCode(path))),
  };
}

export const isCode = (path: string): boolean => /\.tsx?$/.test(path);

/** Written by a program, so that no budget of ours is about it. */
export const isGenerated = (path: string): boolean =>
  path.startsWith("docs/reference/") ||
  path === "packages/hub/migrations/schema.sql" ||
  path === "package-lock.json";
