import { getRudderSettings, getSegmentSettings } from "@trato/contract";
import { type Route, route } from "../../platform/index.ts";
import { rudderSourceConfig, segmentSettings } from "../dialects/index.ts";

/** What the browser libraries load before they send. It holds nothing that the page does not know. */
export function settingsRoutes(): Route[] {
  return [
    route(getSegmentSettings, async ({ params }) => ({ ok: true, value: segmentSettings(params.writeKey) })),
    route(getRudderSettings, async ({ query, nowMs }) => ({
      ok: true,
      value: rudderSourceConfig(query.writeKey ?? "", nowMs),
    })),
  ];
}
