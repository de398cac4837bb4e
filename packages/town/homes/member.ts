import { type Chance, pick } from "@trato/base";
import { between, happens, pickWeighted } from "../draw.ts";
import { firstNames, lastNames, plain } from "./names.ts";

export type VisitChannel = "web" | "app" | "pos";

/** What somebody answers when asked whether their data may be used. */
export type Wish = "agreed" | "no_marketing" | "refused" | "unasked";

/** Somebody who shops: their identities, their word on consent, and their habits. */
export type Member = {
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly loyalty: string | null;
  readonly webDevice: string;
  /** Null for who has no app. */
  readonly appDevice: string | null;
  readonly language: "es" | "en";
  readonly wish: Wish;
  /** How much of the household's shopping they do, before it is divided by everybody's. */
  readonly visitWeight: number;
  readonly channels: readonly (readonly [VisitChannel, number])[];
  /** How often a page sees them signed in, and how often a till sees their card. */
  readonly namedShare: number;
  readonly opensMailShare: number;
  readonly leavesCartShare: number;
};

const wishes = [
  ["agreed", 0.7],
  ["no_marketing", 0.1],
  ["refused", 0.09],
  ["unasked", 0.11],
] as const;

/** The one who does most of the shopping has the loyalty card; the others visit now and then. */
export function makeMember(
  draw: Chance,
  given: { householdNumber: number; memberNumber: number; lastName: string },
): Member {
  const { householdNumber, memberNumber } = given;
  const firstName = pick(draw, firstNames);
  const lastName = memberNumber > 0 && happens(draw, 0.4) ? pick(draw, lastNames) : given.lastName;
  const isMain = memberNumber === 0;
  const hasApp = happens(draw, 0.55);
  return {
    firstName,
    lastName,
    email: `${plain(firstName)}.${plain(lastName)}.${householdNumber}${memberNumber}@correo.example`,
    loyalty: isMain ? String(9_000_000 + householdNumber * 7 + 1) : null,
    webDevice: deviceId(draw),
    appDevice: hasApp ? deviceId(draw) : null,
    language: happens(draw, 0.06) ? "en" : "es",
    wish: pickWeighted(draw, wishes),
    visitWeight: isMain ? 1 : between(draw, 0.08, 0.25),
    channels: [
      ["web", between(draw, 0.5, 1.5)],
      ["app", hasApp ? between(draw, 0.5, 1.5) : 0],
      ["pos", isMain ? between(draw, 0.5, 3) : between(draw, 0, 0.6)],
    ],
    namedShare: between(draw, 0.7, 0.98),
    opensMailShare: between(draw, 0.15, 0.6),
    leavesCartShare: between(draw, 0.05, 0.3),
  };
}

function deviceId(draw: Chance): string {
  const word = () => Math.floor(draw() * 2 ** 32).toString(16).padStart(8, "0"); // biome-ignore format: one idea
  return `${word()}${word()}`;
}
