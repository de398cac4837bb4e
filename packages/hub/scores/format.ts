import { assert, isObject } from "@trato/base";

/** A model as it is kept: what its items are called and its numbers mean, and the fitted blend as bytes. */
export type ModelParts = { readonly head: ModelHead; readonly blend: Uint8Array };

export type ModelHead = {
  /** The item numbers' names: item `i` of the blend is `skus[i]`. */
  readonly skus: readonly string[];
  readonly units: Units;
};

/** What one unit of a weight adds to the chance of buying an item within `scoresHorizonDays`. */
export type Units = {
  readonly popularity: number;
  /** Of an edge: bought together with, bought after. */
  readonly with: number;
  readonly after: number;
};

const magic = 0x54724d64;
const version = 1;
const headBytes = 16;

/** Packs a model: magic, layout version and two lengths (u32, little-endian), then head as JSON and the blend. */
export function packModel(parts: ModelParts): Uint8Array {
  const head = new TextEncoder().encode(JSON.stringify(parts.head));
  const blendAt = headBytes + aligned(head.length);
  const bytes = new Uint8Array(blendAt + parts.blend.length);
  const view = new DataView(bytes.buffer);
  for (const [i, word] of [magic, version, head.length, parts.blend.length].entries()) {
    view.setUint32(4 * i, word, true);
  }
  bytes.set(head, headBytes);
  bytes.set(parts.blend, blendAt);
  return bytes;
}

/** Takes a model apart; throws a plain sentence when it is none. The blend is a view into a copy of `given`. */
export function unpackModel(given: Uint8Array): ModelParts {
  const bytes = new Uint8Array(given);
  const view = new DataView(bytes.buffer);
  if (bytes.length < headBytes || view.getUint32(0, true) !== magic)
    throw new Error("These bytes are no model.");
  const found = view.getUint32(4, true);
  if (found !== version) throw new Error(`A model of layout ${version} is read here, found ${found}.`);
  const headLength = view.getUint32(8, true);
  const blendAt = headBytes + aligned(headLength);
  if (bytes.length !== blendAt + view.getUint32(12, true)) throw new Error("The model's bytes are cut off.");
  const head: unknown = JSON.parse(
    new TextDecoder().decode(bytes.subarray(headBytes, headBytes + headLength)),
  );
  assert(isHead(head), "a model's head names its items and its units");
  return { head, blend: bytes.subarray(blendAt) };
}

function isHead(head: unknown): head is ModelHead {
  if (!isObject(head) || !Array.isArray(head["skus"]) || !isObject(head["units"])) return false;
  const { units } = head;
  const isUnit = (name: string) => Number.isFinite(units[name]) && (units[name] as number) >= 0;
  return (
    head["skus"].every((sku) => typeof sku === "string") && ["popularity", "with", "after"].every(isUnit)
  );
}

/** Flat arrays are read in place only on 8-byte boundaries. */
function aligned(length: number): number {
  return Math.ceil(length / 8) * 8;
}
