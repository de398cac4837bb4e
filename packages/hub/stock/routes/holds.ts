import { limits } from "@trato/base";
import { ok, placeHold, readHold, refuse, releaseHold } from "@trato/contract";
import { command, type Route, route, sharedCommand } from "../../platform/index.ts";
import { holdAnswer } from "../answers.ts";
import type { Want } from "../hold-rules.ts";
import type { Stock } from "../stock.ts";

/** `POST /v1/holds`. Holds that arrive together share a transaction. */
export const placeHoldRoute = (stock: Stock): Route =>
  sharedCommand(placeHold, async ({ body, nowMs, once }) => {
    const { holdId, owner, channel, lines, near, forMs = limits.holdMsDefault } = body;
    const placeIds =
      body.placeIds ?? stock.placesFor({ channel, near }).map(({ place: { placeId } }) => placeId);
    const want: Want = { holdId, owner, channel, lines, placeIds, expiresMs: nowMs + forMs };
    const done = await stock.place({ command: want, once });
    return done.ok ? { ...done, value: holdAnswer(done.value) } : done;
  });

/** `GET /v1/holds/{holdId}`. */
export const readHoldRoute = (stock: Stock): Route =>
  route(readHold, async ({ params, nowMs }) => {
    const hold = await stock.find(params.holdId, nowMs);
    return hold === undefined ? refuse("hold_unknown") : ok(holdAnswer(hold));
  });

/** `DELETE /v1/holds/{holdId}`. */
export const releaseHoldRoute = (stock: Stock): Route =>
  command(releaseHold, async ({ params, tx, nowMs }) => {
    const [released] = await stock.release(tx, [params.holdId], nowMs);
    return released === true ? ok({ holdId: params.holdId }) : refuse("hold_unknown");
  });
