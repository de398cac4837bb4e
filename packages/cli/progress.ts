import type { Shell } from "./shell.ts";

const barColumns = 24;
const redrawMs = 100;

/** How far something is, from 0 to 1, and what to say beside it. */
export type Progress = { readonly share: number; readonly says: string };

export type Bar = {
  /** Shows how far it is; drawn at most ten times a second. */
  show(progress: Progress): void;
  /** Wipes the line, so that what is printed next stands alone. */
  end(): void;
};

const silent: Bar = { show: () => undefined, end: () => undefined };

/** A bar on standard error; nothing is drawn when nobody watches it, as in a pipe or with `--json`. */
export function startBar(shell: Shell, { hidden = false }: { hidden?: boolean } = {}): Bar {
  if (hidden || !shell.isWatched) return silent;
  let drawnMs = -redrawMs;
  return {
    show({ share, says }) {
      const nowMs = performance.now();
      if (nowMs - drawnMs < redrawMs && share < 1) return;
      drawnMs = nowMs;
      const full = Math.round(barColumns * Math.min(1, Math.max(0, share)));
      const percent = `${Math.floor(100 * share)} %`.padStart(5);
      const line = `${"█".repeat(full)}${"░".repeat(barColumns - full)} ${percent}  ${says}`;
      shell.err(`\r\x1b[2K${[...line].slice(0, shell.columns - 1).join("")}`);
    },
    end: () => shell.err("\r\x1b[2K"),
  };
}
