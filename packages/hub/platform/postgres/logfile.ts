import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { copyFile, stat, truncate } from "node:fs/promises";
import { limits } from "@trato/base";

const tailBytesMax = 65_536;

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

/**
 * Keeps the log below `bytesMax`: past it the log moves to `<path>.1` and begins anew. It is copied and cut, not
 * renamed, because PostgreSQL holds it open for appending; a line written in between may be lost.
 */
export async function boundLog(path: string, bytesMax: number = limits.postgresLogBytesMax): Promise<void> {
  if ((await sizeOf(path)) <= bytesMax) return;
  await copyFile(path, `${path}.1`);
  await truncate(path, 0);
}

/** Opens the log for appending; `close` ends our hold on it, `since` reads what was written after this moment. */
export async function openLog(path: string): Promise<{ fd: number; close(): void; since(): string }> {
  const fd = openSync(path, "a", 0o600);
  const from = await sizeOf(path);
  return { fd, close: () => closeSync(fd), since: () => tail(path, from) };
}

/** What was written after byte `from`, or the end of it. */
function tail(path: string, from: number): string {
  const fd = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(tailBytesMax);
    const start = Math.max(from, fstatSync(fd).size - tailBytesMax);
    return bytes.toString("utf8", 0, readSync(fd, bytes, 0, tailBytesMax, start));
  } finally {
    closeSync(fd);
  }
}

const says = /(FATAL|PANIC|ERROR|postgres):/;
/** What clients were told while it was starting: a consequence, not a reason. */
const saidToClients = /FATAL: {2}the database system is /;

/** The lines that say why PostgreSQL did not start, without time and pid; at most three. */
export function reasonsIn(log: string): string {
  const lines = log.split("\n").filter((line) => says.test(line) && !saidToClients.test(line));
  return lines
    .slice(-3)
    .map((line) => line.slice(says.exec(line)?.index))
    .join("; ");
}
