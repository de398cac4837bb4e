import { limits } from "@trato/base";
import { consentPurposes, getHealth } from "@trato/contract";
import type { Command } from "commander";
import type { Client } from "../client.ts";
import { exitCodes, Failure } from "../failure.ts";
import { figuresIn } from "../figures.ts";
import { openCheckpoint } from "../import/checkpoint.ts";
import { readMapping } from "../import/mapping.ts";
import { reportDocument, reportText } from "../import/report.ts";
import { type ImportOptions, type ImportTools, type Opened, openImport, runImport } from "../import/run.ts";
import { oneOf, wholeNumber } from "../options.ts";
import { openHub } from "../own-hub.ts";
import { startBar } from "../progress.ts";
import type { Session } from "../session.ts";
import type { Shell } from "../shell.ts";
import { verb } from "../verb.ts";

type Given = { mapping: string; items?: string; consent?: string[]; batch: number; restart?: boolean };

/** `trato import`: reads a file of past sales into the hub, and accounts for every line of it. */
export function importVerb(shell: Shell): Command {
  const command = verb(
    shell,
    "import",
    "read a file of past sales into the hub",
    async (session, [path = ""]) => {
      const given = command.opts<Given>();
      const options: ImportOptions = {
        path,
        mapping: readMapping(given.mapping),
        itemsPath: given.items,
        consents: [...new Set(given.consent ?? [])],
        batch: given.batch,
        user: shell.user,
        saidAt: new Date(shell.clock.nowMs()).toISOString(),
      };
      const opened = await openImport(options);
      await withHub(session, (client) =>
        importInto(client, session, { opened, options, restart: given.restart === true }),
      );
    },
  );
  return command
    .argument("<file>", "a CSV file, or one packed with gzip (.csv.gz)")
    .requiredOption("--mapping <name>", "how it is read: online-retail, or the path of a JSON file")
    .option("--items <file>", "a CSV file with the items' titles")
    .addOption(
      oneOf("--consent <purpose...>", "record that all its customers agreed to this", consentPurposes),
    )
    .option(
      "--batch <n>",
      "events in one request",
      wholeNumber(1, limits.batchEventsMax),
      limits.importBatchEvents,
    )
    .option("--restart", "begin anew, where an import that was cut off would go on")
    .addHelpText("after", example);
}

const example = `
Every line ends as sold, sold to nobody known, returned, or put aside with its
reason; the report shows that their amounts add up to the file's. The same file
again changes nothing. Without --consent, nobody in the file is personalised.
When no hub runs, one is started for the time of the import.

Example: trato import sales.csv.gz --mapping mapping.json --consent personalise`;

type Work = { readonly opened: Opened; readonly options: ImportOptions; readonly restart: boolean };

/** Uses the hub that runs; when none does on this machine, starts one for as long as the work takes. */
async function withHub(session: Session, work: (client: Client) => Promise<void>): Promise<void> {
  const runs = await session.client.call(getHealth).then(
    () => true,
    (cause: unknown) => {
      if (!session.isElsewhere && cause instanceof Failure && cause.exitCode === exitCodes.hubAway)
        return false;
      throw cause;
    },
  );
  if (runs) return work(session.client);
  session.note(session.say("ownHub", { url: session.client.url }));
  const hub = await openHub(session.shell, { quiet: true });
  try {
    await work(session.clientOf(hub));
  } finally {
    await hub.stop();
  }
}

async function importInto(
  client: Client,
  session: Session,
  { opened, options, restart }: Work,
): Promise<void> {
  const { shell, home, isElsewhere } = session;
  // A hub over another database made another key, so what one of them acknowledged is not taken for the other's.
  const hub = `${isElsewhere ? client.url : ""} ${client.keyId}`;
  const checkpoint = openCheckpoint(home, { path: options.path, mapping: options.mapping, hub });
  if (restart) checkpoint.remove();
  const begunMs = performance.now();
  const bar = startBar(shell, { hidden: session.json });
  const stopping = new AbortController();
  const forget = shell.onStop(() => stopping.abort());
  const tools: ImportTools = {
    checkpoint,
    remembered: limits.importRememberedMax,
    stop: stopping.signal,
    onProgress: (done) =>
      bar.show({ share: done.share, says: progressText(done, performance.now() - begunMs, session) }),
  };
  const done = await runImport(client, opened, options, tools).finally(() => {
    bar.end();
    forget();
  });
  const tookMs = performance.now() - begunMs;
  const document = reportDocument(done, options, tookMs);
  session.answer(document, () => reportText(done, options, tookMs, session));
  if (document.reconciles && document.acknowledged.agrees) return;
  throw new Failure(exitCodes.refused, session.say("notReconciled"), {});
}

function progressText(
  done: { share: number; lines: number },
  tookMs: number,
  { say, language }: Session,
): string {
  const { whole } = figuresIn(language);
  const leftSeconds = done.share > 0 ? Math.ceil((tookMs * (1 / done.share - 1)) / 1_000) : 0;
  const rate = whole(Math.round((1_000 * done.lines) / tookMs));
  return say("importing", { lines: whole(done.lines), rate, left: whole(leftSeconds) });
}
