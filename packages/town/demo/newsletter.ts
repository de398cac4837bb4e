import { chance, dayMs, hash32, secondMs } from "@trato/base";
import type { Messenger } from "./messages.ts";
import { guard, inLanes, type Stage } from "./stage.ts";
import type { Somebody } from "./who.ts";

const everyMs = 2 * dayMs;
/** The first one goes to everybody within so many seconds of whoever watches. */
const firstSeconds = 6;
const perTickMax = 30;
const lanes = 3;

/** Writes to each account of the shop every other day, each at a time of its own. */
export function createNewsletter(stage: Stage, messenger: Messenger): { tick(nowMs: number): Promise<void> } {
  const draw = chance(hash32(`${stage.town.seed}/newsletter`));
  const startMs = stage.clock.nowMs();
  const firstMs = firstSeconds * secondMs * stage.speed;
  const readers: { somebody: Somebody; atMs: number }[] = stage.town.lives.flatMap((life) =>
    life.household.members.map((member) => ({
      somebody: { life, member },
      atMs: startMs + draw() * firstMs,
    })),
  );
  return {
    async tick(nowMs) {
      const due = readers
        .filter(({ somebody, atMs }) => atMs <= nowMs && somebody.life.registered.has(somebody.member))
        .slice(0, perTickMax);
      await inLanes(due, lanes, (one) =>
        guard(stage, async () => {
          one.atMs = nowMs + everyMs;
          await messenger.write(one.somebody, "email.slot");
        }),
      );
    },
  };
}
