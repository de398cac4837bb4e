/**
 * A hub as a process of its own, so that a test can kill it: configured by the environment, it says on standard
 * output where it answers, and stops when it is asked to or when whoever started it is gone.
 */
import { readConfig, startHub } from "../main.ts";

const hub = await startHub({ config: readConfig() });
const stop = () => void hub.stop().then(() => process.exit(0));
process.once("SIGTERM", stop);
process.stdin.once("end", stop).resume();
const { url, key, databaseUrl } = hub;
process.stdout.write(`${JSON.stringify({ url, key, databaseUrl })}\n`);
