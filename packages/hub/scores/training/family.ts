import type { JsonObject } from "@trato/base";
import type { ModelCard, ModelFamily, Words } from "@trato/contract";
import type { Estimate } from "@trato/predict";
import type { Collected } from "./collect.ts";
import type { Assets } from "./collect-assets.ts";
import type { Trial } from "./collect-trial.ts";
import type { Visits } from "./collect-visits.ts";

/** What models learn from, as flat arrays in shared memory. */
export type Facts = {
  /** When they were read. */
  readonly nowMs: number;
  readonly orders: Collected;
  readonly assets: Assets;
  readonly visits: Visits;
  /** In which arm those who ordered were. */
  readonly trial: Trial;
};
export type FactKind = "orders" | "assets" | "visits" | "trial";

/** The model in charge, as training meets it. */
export type Champion = {
  readonly version: string;
  readonly recipe: string;
  /** The end of what it learnt from. */
  readonly untilMs: number;
  /** How long the time was on which its figure was measured. */
  readonly measuredMs: number;
  readonly bytes: Uint8Array;
};

/** What one training of a family made. */
export type Trained = {
  readonly bytes: Uint8Array;
  readonly card: Omit<ModelCard, "says" | "verdict" | "inputs">;
  /** How much better it is than the champion, one by one; above 0 is better, null when that cannot be said. */
  readonly gain: Estimate | null;
  readonly counts: { readonly people: number; readonly orders: number; readonly items: number };
  readonly fromMs: number;
  readonly untilMs: number;
};

/** How far a training is within its family. */
export type Progress = (step: "fitting" | "measuring" | "fitting again", shareDone: number) => void;

/**
 * How the champion did on what happened since it learnt, in a time as long as the one its figure is of: one value for
 * each person, visit or thing. Null while not so much time has passed.
 */
export type Since = { readonly values: Float64Array } | null;

/**
 * A family of models: what it learns from, when that is enough, how it learns and is measured in time. Pure: the same
 * facts give the same bytes. It runs in the training's thread; `inputs` is looked at again later, to see what drifted.
 */
export type Family = {
  readonly name: ModelFamily;
  readonly reads: FactKind;
  /** What is missing to learn from; null when there is enough. */
  lack(facts: Facts): Words | null;
  train(facts: Facts, champion: Champion | null, onProgress: Progress): Trained;
  /** What a model is asked about at the end of these facts, a number for each person or thing. */
  inputs(facts: Facts): Float64Array;
  since(facts: Facts, champion: Champion): Since;
  /** What a kept model says of each person now, when the family has something to say of people. */
  score?(facts: Facts, bytes: Uint8Array): Scored[];
  /** What a kept model says of the weeks to come, when the family has something to say of items. */
  forecast?(facts: Facts, bytes: Uint8Array): Told[];
  /** The strange days of the last while, when the family watches for them. */
  strange?(facts: Facts, bytes: Uint8Array): Strange[];
};

/** A day with strangely few or many orders, of a place and channel ("" where none was said) or of all together. */
export type Strange = {
  readonly place: string;
  readonly channel: string;
  readonly isAll: boolean;
  readonly dayMs: number;
  /** Orders that came; how many were expected; within what days like it stay but for one in a thousand at either end. */
  readonly seen: number;
  readonly low: number;
  readonly expected: number;
  readonly high: number;
  readonly score: number;
};

/** How many of an item will be asked for at a place ("" where none is said) in a week: 10 %, 50 % and 90 % points. */
export type Told = {
  readonly sku: string;
  readonly place: string;
  readonly weekMs: number;
  readonly low: number;
  readonly median: number;
  readonly high: number;
};

/** What a model says of one person, or of one thing of theirs; the person is a number of the facts. */
export type Scored = { readonly person: number; readonly subject: string; readonly score: JsonObject };
