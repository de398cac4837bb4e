import { assert } from "@trato/base";

/**
 * How items are regressed on each other. The plain EASE^R is `dropout`, `personPower` and `toPower` 0; the others
 * weigh who is counted and what is held down.
 */
export type EaseOptions = {
  /**
   * Added to every item's count before solving: how many purchases an edge must outweigh; default 80. Dense data want
   * more (MovieLens-1M: 800); on Gowalla, a tenth held back, 100 neighbours, 80 gave NDCG@20 0.1353 and 200 0.1293.
   */
  readonly ridge?: number;
  /**
   * The share of a person's items that is thought away while learning, at random and in the limit: items are
   * held down in proportion to their own count. Default 0; 0.2 to 0.5 helps where persons hold many items.
   * Source: Steck, "Autoencoders that don't overfit towards the Identity", NeurIPS 2020.
   */
  readonly dropout?: number;
  /** A person of n items weighs n to the power of minus this; default 0. */
  readonly personPower?: number;
  /** Scores of an item counted n times are divided by n to the power of this; default 0. */
  readonly toPower?: number;
  /** Edges kept per item; default 200. */
  readonly neighboursMax?: number;
  /** Called as it goes with the share that is done; what it throws ends the fit. */
  readonly progress?: (share: number) => void;
};

export type EaseSettings = Required<Omit<EaseOptions, "progress">>;

export function easeSettings(options: EaseOptions): EaseSettings {
  const settings = { ridge: 80, dropout: 0, personPower: 0, toPower: 0, neighboursMax: 200, ...options };
  assert(settings.ridge > 0, "ridge is above 0, or what is held alike could not be told apart");
  assert(settings.dropout >= 0 && settings.dropout < 1, "dropout is a share below 1");
  assert(
    Number.isSafeInteger(settings.neighboursMax) && settings.neighboursMax > 0,
    "neighboursMax is above 0",
  );
  assert(Number.isFinite(settings.personPower + settings.toPower), "the powers are numbers");
  return settings;
}

/** What is added to the diagonal for an item of this (weighted) count. */
export function penaltyOf(count: number, { ridge, dropout }: EaseSettings): number {
  return ridge + (dropout / (1 - dropout)) * count;
}

/** What an item's column is multiplied by. */
export function scaleOf(count: number, { toPower }: EaseSettings): number {
  return count === 0 ? 0 : count ** -toPower;
}
