import { families } from "./families.ts";

/** node bench/predict/run-family.ts <family> <part>: one JSON line per figure, with the most memory held until then. */
const [, , name = "", part = ""] = process.argv;
const measurement = families[name]?.parts[part];
if (measurement === undefined) throw new Error(`Name a family and a part: ${name}.${part} is none`);
await measurement((result) => {
  const memoryMb = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(JSON.stringify({ ...result, memoryMb }));
});
