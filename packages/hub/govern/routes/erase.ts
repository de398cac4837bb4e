import type { PersonId } from "@trato/base";
import { erasePerson, ok, type Result } from "@trato/contract";
import { command, type Queries, type Route } from "../../platform/index.ts";

/** How a room forgets a person. The first room names the members; the others remove what they hold of them. */
export type EraseRoom = {
  readonly room: string;
  readonly erase: (tx: Queries, members: readonly PersonId[]) => Promise<number>;
};

export type ErasePeople = (
  tx: Queries,
  personId: PersonId,
) => Promise<
  Result<
    { members: readonly PersonId[]; events: number; identities: number },
    "person_unknown" | "person_erased"
  >
>;

/** Every room in one transaction: a person is forgotten everywhere or nowhere. */
export function eraseRoute(needs: {
  readonly erasePeople: ErasePeople;
  readonly rooms: readonly EraseRoom[];
}): Route {
  return command(erasePerson, async ({ params, tx }) => {
    const erased = await needs.erasePeople(tx, params.personId as PersonId);
    if (!erased.ok) return erased;
    const { members, events, identities } = erased.value;
    const removed: Record<string, number> = { events, identities };
    for (const { room, erase } of needs.rooms) removed[room] = await erase(tx, members);
    return ok({ erased: true as const, members: [...members], removed });
  });
}
