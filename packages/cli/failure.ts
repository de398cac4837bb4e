/** What the shell is told: it went well, it was refused, it was asked wrongly, no hub answers, Ctrl-C. */
export const exitCodes = { ok: 0, refused: 1, usage: 2, hubAway: 3, interrupted: 130 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Ends a command with a message for people, a document for machines and an exit code for the shell. */
export class Failure extends Error {
  readonly exitCode: ExitCode;
  readonly document: Readonly<Record<string, unknown>>;

  constructor(exitCode: ExitCode, message: string, document: Readonly<Record<string, unknown>>) {
    super(message);
    this.exitCode = exitCode;
    this.document = document;
  }
}

/** What was typed cannot be done as it stands; the message says what to type instead. */
export function usageFailure(message: string): Failure {
  return new Failure(exitCodes.usage, message, { code: "usage", detail: message });
}

/** Ctrl-C was heard, and what had begun is put in order. */
export function interrupted(message: string): Failure {
  return new Failure(exitCodes.interrupted, message, { code: "interrupted", detail: message });
}
