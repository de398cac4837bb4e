import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { canonical, isObject } from "@trato/base";
import type { Mapping } from "./mapping.ts";
import { type Acknowledged, nothingYet } from "./sender.ts";

/** How far an import got: so many groups from the beginning are acknowledged, and what the hub said of them. */
export type Reached = { readonly groups: number; readonly acknowledged: Acknowledged };

export type Checkpoint = {
  /** What an earlier run reached, if one was cut off. */
  readonly read: () => Reached | undefined;
  readonly write: (reached: Reached) => void;
  readonly remove: () => void;
};

/**
 * Keeps how far an import of this file, with this mapping, into this hub got. A file that was changed since, or
 * another mapping, begins anew; so does a checkpoint that cannot be read.
 */
export function openCheckpoint(
  home: string,
  what: { path: string; mapping: Mapping; hub: string },
): Checkpoint {
  const folder = join(home, "imports");
  const file = join(folder, `${nameOf(what)}.json`);
  return {
    read() {
      try {
        return reachedIn(JSON.parse(readFileSync(file, "utf8")));
      } catch {
        return undefined;
      }
    },
    write(reached) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(`${file}.new`, JSON.stringify(reached));
      renameSync(`${file}.new`, file);
    },
    remove: () => rmSync(file, { force: true }),
  };
}

/** Changes when the same file would be told in other groups. */
const version = 1;

function nameOf({ path, mapping, hub }: { path: string; mapping: Mapping; hub: string }): string {
  const { size, mtimeMs } = statSync(path);
  return createHash("sha256")
    .update(canonical([version, resolve(path), size, mtimeMs, mapping, hub]))
    .digest("hex");
}

function reachedIn(given: unknown): Reached | undefined {
  if (!isObject(given) || !Number.isSafeInteger(given["groups"]) || !isObject(given["acknowledged"]))
    return undefined;
  const acknowledged = nothingYet();
  for (const part of ["events", "asides"] as const) {
    const tally = given["acknowledged"][part];
    if (!isObject(tally)) return undefined;
    for (const name of Object.keys(acknowledged[part]) as (keyof Acknowledged["events"])[]) {
      if (!Number.isSafeInteger(tally[name])) return undefined;
      acknowledged[part][name] = tally[name] as number;
    }
  }
  return { groups: given["groups"] as number, acknowledged };
}
