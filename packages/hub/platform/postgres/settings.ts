const mib = 1024 * 1024;

/** What makes "acknowledged means durable" true; nobody may turn it off. */
const durable = { fsync: "on", synchronous_commit: "on", full_page_writes: "on" } as const;

/** Where PostgreSQL is and who may reach it: set by the hub alone. */
const placed = [
  "listen_addresses",
  "port",
  "unix_socket_directories",
  "data_directory",
  "hba_file",
  "password_encryption",
];

/**
 * Settings for a pilot on two cores, given on the command line so that what runs is what is written here.
 * `memoryBytes` is what the machine or container has; `more` overrides. Throws on a setting that would weaken
 * durability or open the database to others.
 */
export function settingsFor(
  memoryBytes: number,
  more: Readonly<Record<string, string>>,
): Record<string, string> {
  for (const [name, value] of Object.entries(more)) {
    const asked = name.toLowerCase();
    if (!/^[a-z_][a-z0-9_.]*$/.test(asked))
      throw new Error(`"${name}" is not the name of a PostgreSQL setting.`);
    if (asked in durable && value !== "on") {
      throw new Error(`${name} stays on: without it an acknowledged event could be lost.`);
    }
    if (placed.includes(asked)) throw new Error(`${name} is set by the hub and can't be changed.`);
  }
  const memoryMib = Math.floor(memoryBytes / mib);
  const shareMib = (part: number, least: number, most: number) =>
    `${Math.min(most, Math.max(least, Math.floor(memoryMib / part)))}MB`;
  return {
    shared_buffers: shareMib(8, 32, 256),
    effective_cache_size: shareMib(2, 128, 65_536),
    work_mem: "8MB",
    maintenance_work_mem: shareMib(32, 16, 128),
    max_connections: "60",

    wal_buffers: "16MB",
    max_wal_size: "2GB",
    // Files of the log are used again after a quiet night, not removed: making one holds up whoever commits.
    min_wal_size: "1GB",
    checkpoint_timeout: "15min",
    max_slot_wal_keep_size: "1GB",

    // The cores belong to decisions; analysis reads the lake. Compiling a query costs more than most of them run.
    jit: "off",
    max_parallel_workers_per_gather: "1",
    // A solid-state disk reads a far page almost as fast as the next one.
    random_page_cost: "1.1",
    effective_io_concurrency: "32",

    // A profile row is written once per event: its dead versions go early, and the log's pages are marked for
    // index-only reading.
    autovacuum_naptime: "15s",
    autovacuum_max_workers: "2",
    autovacuum_vacuum_scale_factor: "0.05",
    autovacuum_analyze_scale_factor: "0.05",
    autovacuum_vacuum_insert_scale_factor: "0.1",
    // A tenth of a core, not a whole one: at full speed vacuum of busy tables makes every tenth request wait.
    autovacuum_vacuum_cost_limit: "200",
    autovacuum_vacuum_cost_delay: "10ms",

    idle_in_transaction_session_timeout: "30s",
    // A hub that was killed leaves no query running for long.
    client_connection_check_interval: "5s",

    timezone: "UTC",
    log_timezone: "UTC",
    cluster_name: "trato",
    // Personal data stands in the details of an error and in parameters; neither is logged.
    log_error_verbosity: "terse",
    log_parameter_max_length: "0",
    ...more,
    ...durable,
  };
}

/** As command-line arguments of postgres. */
export function argumentsOf(settings: Readonly<Record<string, string>>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}
