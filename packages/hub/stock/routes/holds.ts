import { limits } from "@trato/base";
import { ok, placeHold, readHold, refuse, releaseHold } from "@trato/contract";
import { command, type Route, route, sharedCommand } from "../../platform/index.ts";
import { holdAnswer } from "../answers.ts";
import { isPromise, type Want } from "../hold-rules.ts";
import { unservedBy } from "../known.ts";
import type { Stock, StockNeeds } from "../stock.ts";

type Caller = { readonly source: string };

/** A system's names for its holds are its own: no other one, and no cart, has a hold of such a name. */
const ownName = ({ source }: Caller, holdId: string): string => `${source}/${holdId}`;

/** What a decision promised is under the decision's id, for whoever shows that one. */
async function nameOf(stock: Stock, key: Caller, at: { readonly holdId: string; readonly nowMs: number }) {
  const promised = await stock.find(at.holdId, at.nowMs);
  return promised !== undefined && isPromise(promised) ? at.holdId : ownName(key, at.holdId);
}

/** `POST /v1/holds`. Holds that arrive together share a transaction. */
export const placeHoldRoute = (
  stock: Stock,
  { places, items }: Pick<StockNeeds, "places" | "items">,
): Route =>
  sharedCommand(placeHold, async ({ body, key, nowMs, once }) => {
    const { holdId, owner, channel, lines, near, forMs = limits.holdMsDefault } = body;
    const unserved = unservedBy(places(), body);
    if (unserved !== undefined) return unserved;
    const placeIds =
      body.placeIds ?? stock.placesFor({ channel, near }).map(({ place: { placeId } }) => placeId);
    const name = ownName(key, holdId);
    const want: Want = { holdId: name, owner, channel, lines, placeIds, expiresMs: nowMs + forMs };
    const done = await stock.place({ command: want, once });
    if (done.ok) return { ...done, value: { ...holdAnswer(done.value), holdId } };
    if (done.problem !== "out_of_stock") return done;
    const unlisted = lines.map(({ sku }) => sku).filter((sku) => !items().has(sku));
    const kept = await Promise.all(unlisted.map(stock.isKept));
    const unknown = unlisted.find((_, i) => !kept[i]);
    return unknown === undefined ? done : refuse("item_unknown", { detail: unknown });
  });

/** `GET /v1/holds/{holdId}`. */
export const readHoldRoute = (stock: Stock): Route =>
  route(readHold, async ({ params: { holdId }, key, nowMs }) => {
    const hold = await stock.find(await nameOf(stock, key, { holdId, nowMs }), nowMs);
    return hold === undefined ? refuse("hold_unknown") : ok({ ...holdAnswer(hold), holdId });
  });

/** `DELETE /v1/holds/{holdId}`. */
export const releaseHoldRoute = (stock: Stock): Route =>
  command(releaseHold, async ({ params: { holdId }, key, tx, nowMs }) => {
    const [released] = await stock.release(tx, [await nameOf(stock, key, { holdId, nowMs })], nowMs);
    return released === true ? ok({ holdId }) : refuse("hold_unknown");
  });
