/**
 * Makes one file for browsers: `dist/trato.js`, an ES module without dependencies.
 *
 *   npm run build -w packages/sdk
 */
import { build } from "esbuild";

/** Bundles the SDK; returns the text, and writes it when a path is given. */
export async function bundle(path?: string): Promise<string> {
  const made = await build({
    entryPoints: [new URL("index.ts", import.meta.url).pathname],
    ...{ bundle: true, format: "esm", platform: "browser", target: "es2022", minify: true },
    ...(path === undefined ? { write: false } : { outfile: path, write: true }),
  });
  return made.outputFiles?.[0]?.text ?? "";
}

if (import.meta.main) await bundle(new URL("dist/trato.js", import.meta.url).pathname);
