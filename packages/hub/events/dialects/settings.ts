import type { JsonObject } from "@trato/base";

/**
 * The answer to `GET /v1/projects/{writeKey}/settings`, which Segment's browser library loads before it sends.
 * Measurements of the library itself are switched off: they would go to somebody else. With `apiHost` (such as
 * "trato.example/v1") a page needs to name this server only once, as `cdnURL`.
 */
export function segmentSettings(writeKey: string, apiHost?: string): JsonObject {
  const everything = { __default: { enabled: true, integrations: {} } };
  return {
    integrations: {
      "Segment.io": {
        apiKey: writeKey,
        ...(apiHost === undefined ? {} : { apiHost }),
        unbundledIntegrations: [],
        addBundledMetadata: true,
        maybeBundledConfigIds: {},
        versionSettings: { version: "4.4.7", componentTypes: ["browser"] },
      },
    },
    plan: {
      track: everything,
      identify: { __default: { enabled: true } },
      group: { __default: { enabled: true } },
    },
    edgeFunction: {},
    analyticsNextEnabled: true,
    middlewareSettings: {},
    enabledMiddleware: {},
    metrics: { sampleRate: 0 },
    legacyVideoPluginsEnabled: false,
    remotePlugins: [],
  };
}

/** The answer to `GET /sourceConfig/?writeKey=`, which RudderStack's browser library loads before it sends. */
export function rudderSourceConfig(writeKey: string, nowMs: number): JsonObject {
  const off = { enabled: false };
  return {
    source: {
      id: writeKey,
      name: "Trato",
      writeKey,
      enabled: true,
      workspaceId: "trato",
      config: { statsCollection: { errors: off, metrics: off } },
      connections: [],
      destinations: [],
      dataplanes: {},
    },
    updatedAt: new Date(nowMs).toISOString(),
  };
}
