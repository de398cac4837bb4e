import { dirname, join, normalize } from "node:path/posix";
import type { Finding, Tree } from "./tree.ts";

/** Every path that prose names exists: links to files, and what stands between backticks and looks like a path of ours. */
export function checkPaths({ files, texts }: Tree): Finding[] {
  const there = new Set(files.flatMap(({ path }) => withFolders(path)));
  return texts
    .filter(({ path }) => path.endsWith(".md"))
    .flatMap(({ path, text }) =>
      withoutCode(text)
        .split("\n")
        .flatMap((line, index) =>
          [...linksIn(line).map((link) => normalize(join(dirname(path), link))), ...namesIn(line)]
            .map((named) => named.replace(/\/$/, ""))
            .filter((named) => !there.has(named))
            .map((named) => ({
              rule: "paths",
              path,
              line: index + 1,
              says: `${named} does not exist; name what does, or leave it out`,
            })),
        ),
    );
}

/** A path and every folder it stands in; "." is the top. */
function withFolders(path: string): string[] {
  const parts = path.split("/");
  return [".", ...parts.map((_, i) => parts.slice(0, i + 1).join("/"))];
}

/** Blocks of code are emptied, line by line, so that lines keep their numbers. */
const withoutCode = (text: string): string =>
  text.replaceAll(/^```[\s\S]*?^```/gm, (block) => block.replaceAll(/[^\n]+/g, ""));

function linksIn(line: string): string[] {
  return [...line.matchAll(/(?:\]\(|(?:src|srcset|href)=")([^)\s"]+)/g)]
    .map(([, target = ""]) => target.split("#")[0]!)
    .filter((target) => target !== "" && !/^[a-z]+:/.test(target));
}

const ours = /^(?:packages|docs|tools|bench|examples|\.ci)\/[\w./-]*\w\/?$/;

const namesIn = (line: string): string[] =>
  [...line.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name).filter((name) => ours.test(name));
