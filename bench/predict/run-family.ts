import { families } from "./families.ts";

/** node bench/predict/run-family.ts <family> <part>: one JSON line per figure. */
const [, , name = "", part = ""] = process.argv;
const measurement = families[name]?.parts[part];
if (measurement === undefined) throw new Error(`Name a family and a part: ${name}.${part} is none`);
await measurement((result) => console.log(JSON.stringify(result)));
