import { canonical } from "@trato/base";
import { addressesFor, addressesOf, type Interest, wants } from "./interest.ts";
import { encodeChange } from "./sse.ts";
import type { Announced } from "./store.ts";

export type Hear = (chunk: Buffer) => void;
type Group = { readonly interest: Interest; readonly members: Set<Hear>; parts: string[] };

/** Who wants to hear what. Those of one interest form a group: a change is written once for all of them. */
export function createGroups() {
  const groups = new Map<string, Group>();
  const byAddress = new Map<string, Set<Group>>();

  const open = (name: string, interest: Interest): Group => {
    const group: Group = { interest, members: new Set(), parts: [] };
    groups.set(name, group);
    for (const address of new Set(addressesOf(interest))) {
      const there = byAddress.get(address) ?? new Set();
      byAddress.set(address, there.add(group));
    }
    return group;
  };
  const close = (name: string, group: Group): void => {
    groups.delete(name);
    for (const address of addressesOf(group.interest)) {
      const there = byAddress.get(address);
      there?.delete(group);
      if (there?.size === 0) byAddress.delete(address);
    }
  };

  return {
    /** Joins those who hear of an interest; returns what leaves again. */
    join(interest: Interest, hear: Hear): () => void {
      const name = canonical(interest);
      const group = groups.get(name) ?? open(name, interest);
      group.members.add(hear);
      return () => {
        group.members.delete(hear);
        if (group.members.size === 0 && groups.get(name) === group) close(name, group);
      };
    },
    /** Hands changes to whoever wants them, in order: one chunk a member, the same bytes for all of a group. */
    tell(changes: readonly Announced[]): void {
      const told = new Set<Group>();
      for (const change of changes) {
        let text: string | undefined;
        for (const address of addressesFor(change)) {
          for (const group of byAddress.get(address) ?? []) {
            if (!wants(group.interest, change)) continue;
            text ??= encodeChange(change);
            group.parts.push(text);
            told.add(group);
          }
        }
      }
      for (const group of told) {
        const chunk = Buffer.from(group.parts.join(""));
        group.parts = [];
        for (const hear of group.members) hear(chunk);
      }
    },
  };
}
export type Groups = ReturnType<typeof createGroups>;
