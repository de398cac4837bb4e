import { createKeyEndpoint, listKeysEndpoint, ok, refuse, revokeKeyEndpoint } from "@trato/contract";
import {
  command,
  createKey,
  type KeyRing,
  listKeys,
  type Queries,
  type Route,
  revokeKey,
  route,
} from "../../platform/index.ts";

export function keyRoutes(needs: { readonly database: Queries; readonly keys: KeyRing }): Route[] {
  return [
    // A route, not a command: an answer stored for its Idempotency-Key would keep the secret.
    route(createKeyEndpoint, async ({ body, key }) => {
      const beyond = (body.scopes ?? []).filter((scope) => !key.scopes.includes(scope));
      if (beyond.length > 0) {
        const detail = `your own key lacks ${beyond.join(", ")}; nobody can give what they do not have`;
        return refuse("request_invalid", { errors: [{ pointer: "/body/scopes", detail }] });
      }
      const expiresAt = body.expiresAt === undefined ? undefined : new Date(body.expiresAt);
      if (expiresAt !== undefined && Number.isNaN(expiresAt.getTime())) {
        return refuse("request_invalid", {
          errors: [
            {
              pointer: "/body/expiresAt",
              detail: { en: "use an RFC 3339 time", es: "use una hora RFC 3339" },
            },
          ],
        });
      }
      const { source, kind, label } = body;
      const scopes = body.scopes ?? key.scopes;
      return ok(
        await createKey(needs.database, { source, kind, label, scopes, ...(expiresAt ? { expiresAt } : {}) }),
      );
    }),
    route(listKeysEndpoint, async () => {
      const items = (await listKeys(needs.database)).map((row) => ({
        ...row,
        scopes: [...row.scopes],
        createdAt: row.createdAt.toISOString(),
        expiresAt: row.expiresAt?.toISOString() ?? null,
        revokedAt: row.revokedAt?.toISOString() ?? null,
      }));
      return ok({ items });
    }),
    command(
      revokeKeyEndpoint,
      async ({ params, tx }) => {
        const revoked = await revokeKey(tx, params.keyId);
        return revoked.ok ? ok({ revoked: true as const }) : revoked;
      },
      () => needs.keys.forget(),
    ),
  ];
}
