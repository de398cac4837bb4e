import { readConfig, startHub } from "@trato/hub";

// Stops when its standard input ends: a bench that dies takes its hub with it.
const hub = await startHub({ config: readConfig(), quiet: true });
process.stdout.write(
  `${JSON.stringify({ url: hub.url, key: hub.key, databaseUrl: hub.databaseUrl, postgresPid: hub.postgresPid() })}\n`,
);
process.stdin.resume();
process.stdin.on("end", () => void hub.stop().then(() => process.exit(0)));
