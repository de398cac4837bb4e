import { families } from "./families.ts";

/** node bench/predict/run-family.ts <name>: one JSON line per figure. */
const family = families[process.argv[2] ?? ""];
if (family === undefined) throw new Error(`Name one of: ${Object.keys(families).join(", ")}`);
await family.run((result) => console.log(JSON.stringify(result)));
