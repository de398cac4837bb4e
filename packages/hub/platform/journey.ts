import { assert } from "@trato/base";
import pg from "pg";
import { prepareValue } from "pg/lib/utils.js";
import { serialize } from "pg-protocol";
import type { Statement } from "./database.ts";

export type CarriedOut = { readonly rows: unknown[]; readonly command: string };

/** A statement and who waits for its end. */
export type Asked = {
  readonly statement: Statement;
  readonly resolve: (carriedOut: CarriedOut) => void;
  readonly reject: (cause: unknown) => void;
};

type Column = { readonly name: string; readonly read: (text: string) => unknown };
type Prepared = { readonly text: string; readonly columns: readonly Column[] };

/** What each connection has prepared, and which columns it answers with: asked for once, not with every execution. */
const preparedOn = new WeakMap<pg.Connection, Map<string, Prepared>>();

/** Said of a statement that PostgreSQL left out because one before it failed; the code is PostgreSQL's own. */
class LeftOut extends Error {
  readonly code = "25P02";
}

/** True of a statement that was left out, by PostgreSQL itself or by us: something else is the cause. */
const isLeftOut = (cause: unknown): boolean => (cause as { code?: unknown } | null)?.code === "25P02";

/**
 * Statements that make one journey: all leave in one write, with one sync behind them, and come back together. The
 * database answers with one write too, where a sync after each statement costs both sides a system call and a wake-up
 * per statement: a third of the processor time of a transaction of twenty.
 *
 * When one fails those behind it are left out. More than one is for a transaction only: outside of one they would be
 * one transaction.
 *
 * Source: PostgreSQL documentation, "Message Flow", "Pipelining".
 */
export class Journey extends pg.Query {
  readonly #asked: readonly Asked[];
  readonly #answers: CarriedOut[] = [];
  #prepared = new Map<string, Prepared>();
  #columns: readonly Column[] = [];
  #rows: unknown[] = [];
  #unreadable: { readonly nth: number; readonly cause: unknown } | undefined;

  constructor(asked: readonly Asked[]) {
    super("");
    this.#asked = asked;
    this.submit = (connection) => this.#leave(connection);
  }

  #leave(connection: pg.Connection): Error | undefined {
    const known = preparedOn.get(connection) ?? new Map<string, Prepared>();
    preparedOn.set(connection, known);
    this.#prepared = known;
    const sent = new Set<string>();
    const messages: Buffer[] = [];
    try {
      for (const { statement } of this.#asked) messages.push(...messagesOf(statement, known, sent));
    } catch (cause) {
      return cause as Error;
    }
    messages.push(serialize.sync());
    connection.stream.write(Buffer.concat(messages));
    this.#begin();
    return undefined;
  }

  /** The next statement's rows have the columns it is known by; if it is not, they are described first. */
  #begin(): void {
    const next = this.#asked[this.#answers.length];
    this.#columns = this.#prepared.get(next?.statement.name ?? "")?.columns ?? [];
    this.#rows = [];
  }

  handleRowDescription({ fields }: { fields: readonly { name: string; dataTypeID: number }[] }): void {
    this.#columns = fields.map(({ name, dataTypeID }) => {
      return { name, read: pg.types.getTypeParser(dataTypeID) as (text: string) => unknown };
    });
  }

  handleDataRow({ fields }: { fields: readonly (string | null)[] }): void {
    const row: Record<string, unknown> = {};
    try {
      for (let i = 0; i < fields.length; i++) {
        const { name, read } = this.#columns[i]!;
        const text = fields[i]!;
        row[name] = text === null ? null : read(text);
      }
    } catch (cause) {
      this.#unreadable ??= { nth: this.#answers.length, cause };
    }
    this.#rows.push(row);
  }

  handleCommandComplete({ text: command }: { text: string }): void {
    const { name, text } = this.#asked[this.#answers.length]!.statement;
    if (name !== "") this.#prepared.set(name, { text, columns: this.#columns });
    this.#answers.push({ rows: this.#rows, command });
    this.#begin();
  }

  /** A text with nothing in it. */
  handleEmptyQuery(): void {
    this.handleCommandComplete({ text: "" });
  }

  handleReadyForQuery(): void {
    assert(this.#answers.length === this.#asked.length, "every statement of a journey is answered");
    if (this.#unreadable !== undefined) this.#end(this.#unreadable);
    else this.#end();
  }

  /** What failed is the first without an answer; after all answers it is what the sync committed, the last one. */
  handleError(cause: unknown): void {
    this.#end({ nth: Math.min(this.#answers.length, this.#asked.length - 1), cause });
  }

  #end(failed?: { readonly nth: number; readonly cause: unknown }): void {
    const cause = failed?.cause ?? null;
    for (const [i, { resolve, reject }] of this.#asked.entries()) {
      if (failed === undefined || i < failed.nth) resolve(this.#answers[i]!);
      else reject(i === failed.nth ? cause : new LeftOut("a statement before this one failed", { cause }));
    }
    // A pool waits for this to lend the connection to somebody else.
    (this as { callback?: (cause: unknown) => void }).callback?.(cause);
  }
}

const run = [serialize.execute()];

function messagesOf(statement: Statement, known: ReadonlyMap<string, Prepared>, sent: Set<string>): Buffer[] {
  const { name, text, values } = statement;
  const before = known.get(name);
  assert(before === undefined || before.text === text, `one text has the name ${name}`);
  const bind = serialize.bind({ statement: name, values: values as unknown[], valueMapper: prepareValue });
  if (before !== undefined) return [bind, ...run];
  const described = [bind, serialize.describe({ type: "P" }), ...run];
  if (sent.has(name) && name !== "") return described;
  sent.add(name);
  // A journey that failed may have left it prepared; to close what is not there is no error.
  const closed = name === "" ? [] : [serialize.close({ type: "S", name })];
  return [...closed, serialize.parse({ name, text }), ...described];
}

/** Asks the statements of one connection; those asked before the event loop goes on make one journey. */
export function journeysOn(client: pg.PoolClient) {
  let gathered: Asked[] = [];
  const leave = (): void => {
    if (gathered.length === 0) return;
    const asked = gathered;
    gathered = [];
    client.query(new Journey(asked));
  };
  let failure: { readonly cause: unknown } | undefined;
  return {
    ask: (statement: Statement): Promise<CarriedOut> =>
      new Promise((resolve, reject) => {
        const rejectFirst = (cause: unknown): void => {
          failure ??= { cause };
          reject(cause);
        };
        gathered.push({ statement, resolve, reject: rejectFirst });
        if (gathered.length === 1) process.nextTick(leave);
      }),
    /** What failed first: whoever awaits several statements may hear sooner of one that was left out because of it. */
    causeOf: (cause: unknown): unknown => (isLeftOut(cause) ? (failure?.cause ?? cause) : cause),
    /** What was asked leaves at once: what is asked next is carried out even if something of it fails. */
    leave,
  };
}

/** Asks one statement of whichever connection is free. */
export function askAlone(pool: pg.Pool, statement: Statement): Promise<CarriedOut> {
  return new Promise((resolve, reject) => {
    // A pool takes queries of any class; its types know those with a callback only as text.
    const journey = new Journey([{ statement, resolve, reject }]) as unknown as string;
    void pool.query(journey, (cause: Error | null) => cause !== null && reject(cause));
  });
}
