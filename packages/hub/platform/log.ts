import { type Logger, pino } from "pino";

export type Log = Pick<Logger, "info" | "warn" | "error" | "debug" | "fatal">;

/**
 * Structured log, one JSON line an entry, to standard error (standard output belongs to the command's answer).
 * Never an event's data, an identity or a key: what a log line may hold is what its caller names.
 */
export function createLog(level: string): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: ["*.authorization", "*.password"],
    },
    pino.destination({ dest: 2, sync: false }),
  );
}

export const silentLog: Log = pino({ level: "silent" });
