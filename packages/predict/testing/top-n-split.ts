import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { type Interactions, interactionsFrom } from "../arrays/interactions.ts";
import type { Held } from "../evaluate/top-n.ts";

/** Where the public splits lie beside the project; tests that need one are skipped where it is not. */
export const splitsPath = new URL("../../../../shared/data/", import.meta.url);

/** A published split of who took what, as its README says; `held` is the test part. */
export function readTopNSplit(name: string, itemCount: number): { train: Interactions; held: Held } {
  const read = (file: string) => listsOf(linesOf(new URL(`${name}/${file}.tsv.gz`, splitsPath)));
  const [train, held] = [read("train"), read("test")];
  while (train.length < held.length) train.push([]);
  return { train: interactionsFrom(train, itemCount), held };
}

/** The sequences of Amazon Beauty, items from 0, earliest first. */
export function readBeautySequences(): number[][] {
  return linesOf(new URL("amazon-beauty-5core/sequences.tsv.gz", splitsPath)).map(([, items = ""]) =>
    items.split(" ").map((item) => Number(item) - 1),
  );
}

/** The items of each attribute (category or brand) of Amazon Beauty. */
export function readBeautyTraits(): Interactions {
  const lists: number[][] = [];
  for (const [item, attributes = ""] of linesOf(
    new URL("amazon-beauty-5core/item_attributes.tsv.gz", splitsPath),
  )) {
    for (const one of attributes.split(" ").filter(Boolean)) {
      lists[Number(one)] ??= [];
      lists[Number(one)]!.push(Number(item) - 1);
    }
  }
  return interactionsFrom(
    Array.from(lists, (list) => list ?? []),
    beautyItemCount,
  );
}

export const beautyItemCount = 12_101;

/** Lines of `person<TAB>items`, split at the tab. */
function linesOf(path: URL): string[][] {
  const text = gunzipSync(readFileSync(path)).toString();
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split("\t"));
}

function listsOf(lines: readonly string[][]): number[][] {
  const lists: number[][] = [];
  for (const [person, items = ""] of lines) {
    lists[Number(person)] = items.split(" ").filter(Boolean).map(Number);
  }
  return Array.from(lists, (list) => list ?? []);
}
