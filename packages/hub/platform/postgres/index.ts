export { diskFreeBytes, watchDisk } from "./disk.ts";
export { type EmbeddedPostgres, type PostgresOptions, startPostgres } from "./start.ts";
export type { PostgresLog } from "./supervise.ts";
