import { type Finding, isCode, type Tree } from "./tree.ts";

const notRooms = new Set(["migrations", "testing", "faults", "guide"]);

/** The folders of the hub that are business words, sorted. */
export function roomsOf(paths: readonly string[]): string[] {
  const names = paths.map((path) => /^packages\/hub\/([^/]+)\/.+\.ts$/.exec(path)?.[1] ?? "");
  return [...new Set(names)].filter((name) => name !== "" && !notRooms.has(name)).sort();
}

/** Every room and package has a door and says what it is; every file is named the same way. */
export function checkRooms({ files }: Tree): Finding[] {
  const paths = files.map(({ path }) => path);
  const all = new Set(paths);
  const rooms = roomsOf(paths).map((room) => `packages/hub/${room}`);
  const packages = new Set(
    paths.flatMap((path) => /^packages\/[^/]+(?=\/package\.json$)/.exec(path)?.[0] ?? []),
  );
  return [
    ...[...packages, ...rooms]
      .filter((folder) => !all.has(`${folder}/README.md`))
      .map((folder) =>
        missing(`${folder}/README.md`, "what it owns, its words, its invariants, in 40 lines at most"),
      ),
    ...rooms
      .filter((folder) => !all.has(`${folder}/index.ts`))
      .map((folder) => missing(`${folder}/index.ts`, "the only door: what other folders may import")),
    ...paths.filter((path) => !isWellNamed(path)).map(misnamed),
  ];
}

const missing = (path: string, what: string): Finding => ({
  rule: "rooms",
  path,
  says: `is missing; write it: ${what}`,
});

const misnamed = (path: string): Finding => ({
  rule: "names",
  path,
  says: `is not kebab-case; name it ${path
    .replaceAll(/_/g, "-")
    .replaceAll(/([a-z])([A-Z])/g, "$1-$2")
    .toLowerCase()}`,
});

const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;
const shouted = /^[A-Z]+(\.[a-z]+)*$/; // README.md, README.es.md, LICENSE
const migration = /^packages\/hub\/migrations\/\d{6}_[a-z_]+\.sql$/;

function isWellNamed(path: string): boolean {
  if (migration.test(path) || !(isCode(path) || /\.(md|sql|json|sh)$/.test(path))) return true;
  return path.split("/").every((part) => kebab.test(part.replace(/^\./, "")) || shouted.test(part));
}
