import type { PersonId } from "@trato/base";
import type { Topic } from "@trato/contract";

/** What a subscriber wants to hear: these topics, and of them only these keys, places and people, where given. */
export type Interest = {
  readonly topics: readonly Topic[];
  readonly keys?: readonly string[];
  readonly places?: readonly string[];
  readonly people?: readonly PersonId[];
};

export type About = {
  readonly topic: string;
  readonly key: string;
  readonly place: string | null;
  readonly personId: PersonId | null;
};

const holds = <T>(wanted: readonly T[] | undefined, value: T | null): boolean =>
  wanted === undefined || (value !== null && wanted.includes(value));

export function wants({ topics, keys, places, people }: Interest, about: About): boolean {
  return (
    topics.includes(about.topic as Topic) &&
    holds(keys, about.key) &&
    holds(people, about.personId) &&
    holds(places, about.place)
  );
}

/**
 * Where an interest is looked up: under the narrowest thing it names. A thousand shoppers who each follow a cart cost a
 * change one lookup, not a thousand comparisons.
 */
export function addressesOf({ topics, keys, places, people }: Interest): string[] {
  if (keys !== undefined) return keys.map((key) => `key ${key}`);
  if (people !== undefined) return people.map((personId) => `person ${personId}`);
  if (places !== undefined) return places.map((place) => `place ${place}`);
  return topics.map((topic) => `topic ${topic}`);
}

/** Where those stand who may want a change; no interest stands under two of them. */
export function addressesFor({ topic, key, place, personId }: About): string[] {
  const addresses = [`topic ${topic}`, `key ${key}`];
  if (place !== null) addresses.push(`place ${place}`);
  if (personId !== null) addresses.push(`person ${personId}`);
  return addresses;
}
