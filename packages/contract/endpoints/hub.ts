import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";

export const getHealth = endpoint({
  name: "getHealth",
  method: "GET",
  path: "/healthz",
  tag: "hub",
  says: "Whether the process is alive.",
  needs: "open",
  gives: Type.Object({ ok: Type.Literal(true) }),
  problems: [],
  example: { gives: { ok: true } },
});

export const getReady = endpoint({
  name: "getReady",
  method: "GET",
  path: "/readyz",
  tag: "hub",
  says: "Whether the hub takes requests: the database answers and the disk has room.",
  needs: "open",
  gives: Type.Object({ ready: Type.Literal(true) }),
  problems: ["database_away", "disk_low", "stopping"],
  example: { gives: { ready: true } },
});

export const verifyProfiles = endpoint({
  name: "verifyProfiles",
  method: "POST",
  path: "/v1/verify",
  tag: "hub",
  says: "Replays the log of everybody and compares it with the live profiles, bit for bit; checks that the counters add up and the books balance.",
  needs: "hub:admin",
  gives: Type.Object({
    people: Type.Integer(),
    different: Type.Array(Type.Object({ personId: Type.String(), slice: Type.String() })),
    countersAdd: Type.Boolean(),
    books: Type.Array(Type.String(), {
      description: "Balances of stock and payments that are not the sum of their movements, by name.",
    }),
    ok: Type.Boolean(),
    tookMs: Type.Integer(),
  }),
  problems: [],
  example: { gives: { people: 4_372, different: [], countersAdd: true, books: [], ok: true, tookMs: 2_100 } },
});

export const refoldProfiles = endpoint({
  name: "refoldProfiles",
  method: "POST",
  path: "/v1/refold",
  tag: "hub",
  says: "Folds everybody again from the log.",
  needs: "hub:admin",
  gives: Type.Object({ people: Type.Integer(), tookMs: Type.Integer() }),
  problems: [],
  example: { gives: { people: 4_372, tookMs: 2_300 } },
});
