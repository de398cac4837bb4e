/**
 * Compiles the kernels of predict from AssemblyScript to WebAssembly and keeps them as text, so that installing
 * and running need no build step. kernels.test.ts compiles them again and compares.
 *
 *   npm run kernels
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { main as compileWith } from "assemblyscript/asc";
import { root } from "./tree.ts";

const sources = "packages/predict/kernels/assembly/index.ts";
export const codePath = "packages/predict/kernels/code.gen.ts";

/** The generated file: the code for memory that is one thread's alone, and for memory that threads share. */
export async function printKernels(): Promise<string> {
  const alone = await compile([]);
  const shared = await compile(["--sharedMemory", "--maximumMemory", "65536", "--enable", "threads"]);
  return `/** Printed by \`npm run kernels\` from assembly/, as base64. */
export const alone =
  "${alone}";
export const shared =
  "${shared}";
`;
}

async function compile(options: readonly string[]): Promise<string> {
  let code: Uint8Array | undefined;
  const common = ["-O3", "--noAssert", "--runtime", "stub", "--importMemory", "--enable", "simd"];
  const quiet = ["--disableWarning", "112"]; // v128 between two functions of ours, which no host sees
  const { error, stderr } = await compileWith(
    [sources, "--baseDir", root, "--outFile", "kernels.wasm", ...common, ...quiet, ...options],
    {
      writeFile(_, contents) {
        code = typeof contents === "string" ? Buffer.from(contents) : contents;
      },
    },
  );
  if (error !== null || code === undefined)
    throw new Error(`The kernels do not compile:\n${stderr.toString()}`);
  return Buffer.from(code).toString("base64");
}

if (import.meta.main) {
  writeFileSync(join(root, codePath), await printKernels());
  console.log(`${codePath}: written`);
}
