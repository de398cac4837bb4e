import { parseArgs } from "node:util";
import { benches } from "./benches.ts";
import { type Figure, reporter } from "./lib/figure.ts";
import { familyBenches } from "./predict.ts";

const usage = `npm run bench -- [name…] [--json]

Runs the named benches, or all of them, each against its floor in the same run. predict.<family> runs one family alone:
${Object.keys(familyBenches).join(", ")}.
${Object.entries(benches)
  .map(([name, { says }]) => `  ${name.padEnd(10)} ${says}`)
  .join("\n")}`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean", default: false }, help: { type: "boolean", default: false } },
});
const known = { ...benches, ...familyBenches };
const unknown = positionals.find((name) => !(name in known));
if (values.help || unknown !== undefined) {
  process.stdout.write(`${unknown === undefined ? "" : `There is no bench "${unknown}".\n\n`}${usage}\n`);
  process.exit(unknown === undefined ? 0 : 2);
}

const figures: Figure[] = [];
for (const name of positionals.length > 0 ? positionals : Object.keys(benches)) {
  const bench = known[name]!;
  if (!values.json) process.stdout.write(`\n${name}: ${bench.says}\n`);
  await bench.run(reporter(name, values.json, (figure) => figures.push(figure)));
}
const missed = figures.filter((figure) => figure.met === false);
if (!values.json && missed.length > 0) {
  process.stdout.write(`\n${missed.length} of ${figures.length} figures missed their target.\n`);
}
