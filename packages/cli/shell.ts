import type { Clock } from "@trato/base";

/** All that a command sees of the machine, so that a test can stand in for it. Only main.ts reads the environment. */
export type Shell = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** True when progress can be drawn: somebody looks at standard error. */
  readonly isWatched: boolean;
  readonly columns: number;
  /** Who runs the command: the evidence of a consent names them. */
  readonly user: string;
  /** Calls `stop` at the first SIGINT or SIGTERM; returns what takes the call back. A second one ends at once. */
  readonly onStop: (stop: () => void) => () => void;
};
