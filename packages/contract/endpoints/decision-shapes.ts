import { limits } from "@trato/base";
import { type Static, Type } from "typebox";
import { allRefusalReasons, type Basis, bases, type ScorePart, scoreParts } from "../decisions.ts";
import { type IdentityKind, kindsByStrength } from "../identities.ts";
import { words } from "../words.ts";
import { instant, uuid } from "./shapes.ts";

const text = (max: number) => Type.String({ minLength: 1, maxLength: max });
export const decisionBasis = Type.Enum(Object.keys(bases) as Basis[]);
const share = Type.Number({ minimum: 0, maximum: 1 });

const identity = Type.Optional(text(limits.identityCharsMax));
/** Who is meant, by what they are known as. */
export const namedIdentities = Type.Object(
  Object.fromEntries(kindsByStrength.map((kind) => [kind, identity])) as Record<
    IdentityKind,
    typeof identity
  >,
  { additionalProperties: false },
);

const cartLine = Type.Object({
  sku: text(100),
  quantity: Type.Number({ exclusiveMinimum: 0, maximum: 1_000_000 }),
});

/** What the page, the till or the mail that asks knows by itself; it is used whoever the person is. */
export const decisionContext = Type.Object(
  {
    sku: Type.Optional(text(100)),
    viewed: Type.Optional(
      Type.Array(text(100), {
        maxItems: limits.sessionRecentMax,
        description: "What was looked at in this visit before, oldest first.",
      }),
    ),
    cart: Type.Optional(Type.Array(cartLine, { maxItems: limits.cartLinesMax })),
    channel: Type.Optional(text(40)),
    store: Type.Optional(text(100)),
    language: Type.Optional(Type.String({ pattern: "^[a-z]{2}(-[A-Z]{2})?$" })),
    country: Type.Optional(Type.String({ pattern: "^[A-Z]{2}$" })),
  },
  { additionalProperties: false },
);
export type DecisionContext = Static<typeof decisionContext>;

/**
 * One thing shown. `score` is its expected value in millionths of a minor unit; `propensity` is the chance, before the
 * draw, that it stood at this rank.
 */
export const decidedItem = Type.Object({
  rank: Type.Integer({ minimum: 1 }),
  key: Type.String({ description: "item:<sku> or offer:<id>; exposures and outcomes name it." }),
  kind: Type.String(),
  sku: Type.Optional(Type.String()),
  offerId: Type.Optional(Type.String()),
  title: words,
  text: Type.Optional(words),
  priceMinor: Type.Optional(Type.Integer()),
  currency: Type.Optional(Type.String()),
  reason: words,
  personalised: Type.Boolean(),
  score: Type.Integer(),
  propensity: share,
});
export type DecidedItem = Static<typeof decidedItem>;

export const decisionAnswer = Type.Object({
  decisionId: uuid,
  decidedAt: instant,
  expiresAt: instant,
  personId: Type.Union([uuid, Type.Null()]),
  placement: Type.String(),
  basis: decisionBasis,
  personalised: Type.Boolean({
    description: "True when anything shown was chosen by looking at the person.",
  }),
  holdout: Type.Boolean(),
  aiInvolved: Type.Literal(true),
  disclosure: words,
  items: Type.Array(decidedItem),
  refusedCount: Type.Integer(),
  hold: Type.Optional(
    Type.Object(
      { holdId: uuid, expiresAt: instant },
      {
        description:
          "What was promised until that instant. A cart of the person gets it, or the one whose change names this decision; DELETE /v1/holds gives it back.",
      },
    ),
  ),
});
export type DecisionAnswer = Static<typeof decisionAnswer>;

const part = Type.Object({
  part: Type.Enum(Object.keys(scoreParts) as ScorePart[]),
  value: Type.Integer(),
  personal: Type.Boolean(),
  says: words,
  evidence: Type.Optional(
    Type.String({ description: "What it rests on: cart:<sku>, view:<sku>, offer:<id>…" }),
  ),
  scoreWithout: Type.Integer({ description: "What the score would be without this part." }),
});
const consentState = Type.Enum(["given", "refused", "unasked"]);
export const decisionVersions = Type.Object({
  code: Type.String(),
  policy: Type.String(),
  fold: Type.String(),
  scores: Type.String(),
  catalogue: Type.String(),
  offers: Type.String(),
});

export const decisionWhy = Type.Object({
  decisionId: uuid,
  decidedAt: instant,
  personId: Type.Union([uuid, Type.Null()]),
  placement: Type.String(),
  basis: decisionBasis,
  disclosure: words,
  aiInvolved: Type.Literal(true),
  consent: Type.Object({ personalise: consentState, marketing: consentState }),
  shown: Type.Array(
    Type.Object({ ...decidedItem.properties, parts: Type.Array(part), counterfactuals: Type.Array(words) }),
  ),
  refused: Type.Array(
    Type.Object({
      reason: Type.Enum([...allRefusalReasons]),
      says: words,
      count: Type.Integer(),
      keys: Type.Array(Type.String()),
    }),
  ),
  outranked: Type.Object({
    count: Type.Integer(),
    next: Type.Array(Type.Object({ key: Type.String(), score: Type.Integer() })),
  }),
  exploration: Type.Object({ share, among: Type.Integer(), explored: Type.Boolean() }),
  position: Type.String({ description: "How far the event log was read." }),
  seed: Type.Integer(),
  versions: decisionVersions,
});
export type DecisionWhy = Static<typeof decisionWhy>;
