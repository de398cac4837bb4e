import { askIntent, ok, refuse } from "@trato/contract";
import { type Route, route } from "../../platform/index.ts";
import type { Scores } from "../view.ts";

/** `POST /v1/intent`. A model in memory answers; nothing is read or kept. */
export const askIntentRoute = ({ scores }: { readonly scores: () => Scores }): Route =>
  route(askIntent, async ({ body, nowMs }) => {
    const { intent, version } = scores();
    if (intent === null) return refuse("model_unknown");
    const startMs = body.startedAt === undefined ? nowMs : Date.parse(body.startedAt);
    const rounded = (value: number): number => Math.round(value * 1e4) / 1e4;
    const chance = intent.chance({ skus: body.viewed, startMs });
    return ok({ chance: rounded(chance), usual: rounded(intent.usual), version });
  });
