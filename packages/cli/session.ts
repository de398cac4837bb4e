import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { type Client, createClient } from "./client.ts";
import { usageFailure } from "./failure.ts";
import type { Shell } from "./shell.ts";
import { type Language, languageOf, languages, type Say, speak } from "./words.ts";

/** What every verb understands beside its own options. */
type Common = { url?: string; key?: string; json?: boolean; language?: string };

/** One command under way: who asks, where the hub is, and how to answer. */
export type Session = {
  readonly shell: Shell;
  /** Where the hub of this machine keeps its key and address. */
  readonly home: string;
  readonly client: Client;
  readonly clientOf: (hub: { readonly url: string; readonly key: string }) => Client;
  /** True when the address was given, and no hub of this machine is meant. */
  readonly isElsewhere: boolean;
  readonly json: boolean;
  readonly language: Language;
  readonly say: Say;
  /** The answer: as one JSON document with `--json`, else as text for people. */
  readonly answer: (document: unknown, text: () => string) => void;
  /** The answer when it is a list: one JSON document a line. */
  readonly answerList: (documents: readonly unknown[], text: () => string) => void;
  /** What is said beside the answer; on standard error with `--json`. */
  readonly note: (text: string) => void;
};

/** Adds the options every verb understands. */
export function addCommonOptions(program: Command): Command {
  return program
    .option("--url <url>", "the hub's address (TRATO_URL; else the hub of TRATO_HOME)")
    .option("--key <key>", "the key to use (TRATO_KEY; else the local key in TRATO_HOME)")
    .option("--json", "print the answer as JSON on standard output, all else on standard error")
    .option("--language <es|en>", "language of headings and of shoppers' texts (default: from LANG)");
}

export function openSession(shell: Shell, command: Command): Session {
  const common = command.optsWithGlobals<Common>();
  const language = languageIn(common, shell);
  const home = resolve(shell.env["TRATO_HOME"] || ".trato");
  const { url, isElsewhere } = addressIn(common, shell, home);
  const json = common.json === true;
  const say = json ? shell.err : shell.out;
  const clientOf = ({ url, key }: { url: string; key: string | undefined }) =>
    createClient({ url, key, language, clock: shell.clock });
  return {
    shell,
    home,
    client: clientOf({ url, key: keyIn(common, shell, home, url) }),
    clientOf,
    isElsewhere,
    json,
    language,
    say: speak(language),
    answer: (document, text) => shell.out(json ? `${JSON.stringify(document)}\n` : text()),
    answerList: (documents, text) =>
      shell.out(json ? documents.map((one) => `${JSON.stringify(one)}\n`).join("") : text()),
    note: (text) => say(`${text}\n`),
  };
}

function languageIn({ language }: Common, shell: Shell): Language {
  if (language === undefined) return languageOf(shell.env);
  const known = languages.find((one) => one === language);
  if (known === undefined) throw usageFailure(`--language is "${language}"; give es or en.`);
  return known;
}

const firstLine = (path: string): string | undefined => {
  try {
    return readFileSync(path, "utf8").trim() || undefined;
  } catch {
    return undefined;
  }
};

function addressIn(common: Common, shell: Shell, home: string): { url: string; isElsewhere: boolean } {
  const given = common.url ?? (shell.env["TRATO_URL"] || undefined);
  const url = given ?? firstLine(join(home, "url")) ?? "http://127.0.0.1:4100";
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw usageFailure(`"${url}" is no address of a hub; give one such as http://127.0.0.1:4100.`);
  }
  return { url: url.replace(/\/+$/, ""), isElsewhere: given !== undefined };
}

const loopback = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** The local key opens the hub of this machine, so it is sent to no other. */
function keyIn(common: Common, shell: Shell, home: string, url: string): string | undefined {
  const given = common.key ?? (shell.env["TRATO_KEY"] || undefined);
  if (given !== undefined || !loopback.has(new URL(url).hostname)) return given;
  return firstLine(join(home, "key"));
}
