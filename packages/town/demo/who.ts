import { getPerson } from "@trato/contract";
import type { Life } from "../homes/life.ts";
import type { Member } from "../homes/member.ts";
import type { Town } from "../town.ts";
import type { Api } from "./api.ts";

export type Somebody = { readonly life: Life; readonly member: Member };

/** Knows which of the town's people the hub means by an id. */
export type Who = {
  /** Learned from an answer that was about somebody we named. */
  learn(personId: string | null, somebody: Somebody): void;
  /** Asks the hub for the identities when it must; undefined for a device that nobody has signed in on. */
  find(personId: string): Promise<Somebody | undefined>;
};

/** Remembers at most one id per device and account of the town. */
export function createWho(town: Town, api: Api): Who {
  const byIdentity = new Map<string, Somebody>();
  for (const life of town.lives) {
    for (const member of life.household.members) {
      byIdentity.set(`email:${member.email}`, { life, member });
      if (member.loyalty !== null) byIdentity.set(`loyalty:${member.loyalty}`, { life, member });
      byIdentity.set(`device:${member.webDevice}`, { life, member });
    }
  }
  const known = new Map<string, Somebody | undefined>();
  return {
    learn(personId, somebody) {
      if (personId !== null) known.set(personId, somebody);
    },
    async find(personId) {
      if (known.has(personId)) return known.get(personId);
      const person = await api.call(getPerson, { params: { personId } });
      const found = person.identities
        .map(({ kind, value }) => byIdentity.get(`${kind}:${value}`))
        .find((one) => one !== undefined);
      known.set(personId, found);
      return found;
    },
  };
}
