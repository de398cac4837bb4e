import { statfs } from "node:fs/promises";
import { limits } from "@trato/base";

/** Bytes that an ordinary user may still write on the disk that holds `path`. Throws when the path is gone. */
export async function diskFreeBytes(path: string): Promise<number> {
  const disk = await statfs(path);
  return disk.bavail * disk.bsize;
}

/** Once low, the disk must have a tenth more than the minimum to count as roomy again, so that it doesn't flicker. */
const roomier = 1.1;

/**
 * Watches the free space under `path` and calls `onChange` when it becomes low (below `minBytes`) and when it has
 * room again, so that writes are refused before PostgreSQL runs out of disk, which can end in a PANIC even on a
 * read. A disk that can't be asked counts as low. The timer does not keep the process alive. `check` looks at once.
 */
export function watchDisk(options: {
  readonly path: string;
  readonly minBytes?: number;
  readonly everyMs?: number;
  readonly onChange: (now: { readonly low: boolean; readonly freeBytes: number }) => void;
  readonly freeBytes?: (path: string) => Promise<number>;
}): { isLow(): boolean; check(): Promise<void>; stop(): void } {
  const { path, minBytes = limits.diskFreeBytesMin, everyMs = limits.diskCheckMs, onChange } = options;
  const ask = options.freeBytes ?? diskFreeBytes;
  let low = false;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  const check = async (): Promise<void> => {
    const freeBytes = await ask(path).catch(() => 0);
    const lowNow = freeBytes < (low ? minBytes * roomier : minBytes);
    if (lowNow === low || stopped) return;
    low = lowNow;
    onChange({ low, freeBytes });
  };
  const again = async (): Promise<void> => {
    await check();
    if (!stopped) timer = setTimeout(() => void again(), everyMs).unref();
  };
  void again();

  return {
    isLow: () => low,
    check,
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
