import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export type SourceText = { readonly path: string; readonly text: string };

/** The top folder of the repository. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Paths of all files git tracks or would track, sorted, with `/`. A file that was just removed is not among them. */
export function listFiles(folder: string = root): string[] {
  const said = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  const paths = new Set(said.split("\0").filter((path) => path !== ""));
  return [...paths].filter((path) => existsSync(join(folder, path))).sort();
}

/** Reads those of `paths` that end in one of `endings`. */
export function readTexts(
  paths: readonly string[],
  endings: readonly string[],
  folder: string = root,
): SourceText[] {
  return paths
    .filter((path) => endings.some((ending) => path.endsWith(ending)))
    .map((path) => ({ path, text: readFileSync(join(folder, path), "utf8") }));
}

/** Code that only tests run: test files and what stands in a folder named `testing`. */
export function isTestCode(path: string): boolean {
  return /\.test\.tsx?$/.test(path) || path.split("/").includes("testing");
}
