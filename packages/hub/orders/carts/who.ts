import type { PersonId } from "@trato/base";
import { type Identity, refuse } from "@trato/contract";
import { ownSource, readIdentities } from "../../events/index.ts";
import type { CartNeeds, WhoFound } from "./needs.ts";

export type NamedByCaller = {
  readonly personId?: string | undefined;
  readonly identities?: object | undefined;
};

/**
 * The person a caller names. Somebody whose identities nobody has seen yet becomes a person here, by an event like
 * any other: `cart.opened`. Null when nobody is named.
 */
export async function whoIs(
  needs: Pick<CartNeeds, "find" | "take" | "country">,
  named: NamedByCaller,
  about: { readonly cartId: string; readonly channel: string | undefined; readonly nowMs: number },
): Promise<WhoFound | null> {
  if (named.personId !== undefined) return needs.find({ personId: named.personId as PersonId });
  if (named.identities === undefined || Object.keys(named.identities).length === 0) return null;
  const read = readIdentities(named.identities, { trusted: true, defaultCountry: needs.country });
  if (read.identities.length === 0) {
    if (read.dropped.length === 0) return null;
    const errors = read.dropped.map((pointer) => ({ pointer: `/body${pointer}`, detail: noIdentity }));
    return refuse("request_invalid", { errors });
  }
  const { identities } = read;
  const found = await needs.find({ identities });
  const isNew = !found.ok && found.problem === "person_unknown";
  if (!isNew) return found;
  await needs.take({ source: ownSource, events: [openedEvent(identities, about)], rejects: [] });
  return needs.find({ identities });
}

const noIdentity = {
  en: "it cannot be read as such an identity; correct it",
  es: "no se puede leer como tal identidad; corríjala",
};

const openedEvent = (
  identities: readonly Identity[],
  { cartId, channel, nowMs }: { cartId: string; channel: string | undefined; nowMs: number },
) => ({
  id: `cart/${cartId}/opened`,
  source: ownSource,
  type: "cart.opened",
  timeMs: nowMs,
  receivedAtMs: nowMs,
  channel: channel ?? null,
  store: null,
  session: null,
  identities,
  data: { cartId },
});
