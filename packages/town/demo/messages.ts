import { type Chance, chance, dayMs, hash32, hourMs, minuteMs } from "@trato/base";
import { localTime } from "../calendar.ts";
import { between, happens } from "../draw.ts";
import type { Member } from "../homes/member.ts";
import { expose } from "../visits/browse.ts";
import { addLater } from "../visits/later.ts";
import { createScribe, type Scribe } from "../visits/scribe.ts";
import type { Shown } from "../visits/shown.ts";
import { decisionLine, nameOf } from "./lines.ts";
import { decide, type Stage, sendLive } from "./stage.ts";
import type { Somebody } from "./who.ts";

/** Whoever a moment was spoken of to is left in peace for so long, and everybody at night. */
const restMs = 20 * hourMs;
const isNight = (hour: number): boolean => hour < 7 || hour > 21;
/** What somebody read in a message stays with them for so long. */
const remindsMs = 2 * dayMs;
const remindersMax = 12;
const clickedShare = 0.35;

/** The shop's messenger. */
export type Messenger = {
  /** Whether a moment may be spoken of now: not at night, nor a short while after another. */
  mayDisturb(somebody: Somebody, nowMs: number): boolean;
  /** Speaks of a moment: in the app for who has it. */
  disturb(somebody: Somebody): Promise<void>;
  /** Asks what to put in a message to somebody and sends it, unless the hub says that nothing may be sent. */
  write(somebody: Somebody, placement: "email.slot" | "push"): Promise<void>;
};

export function createMessenger(stage: Stage): Messenger {
  const { clock, words, ticker, result, language } = stage;
  const disturbed = new Map<Member, number>();
  const write: Messenger["write"] = async (somebody, placement) => {
    const { member } = somebody;
    const channel = channelOf(placement);
    const { answer, shown } = await decide(stage, {
      placement,
      identities: { email: member.email },
      context: { channel, language: member.language, country: "EC" },
    });
    stage.who.learn(answer.personId, somebody);
    const kind = shown.length === 0 ? "quiet" : "decision";
    ticker.happened(kind, clock.nowMs(), decisionLine(answer, nameOf(member), stage));
    if (shown.length === 0) return;
    result.messages += 1;
    await sendLive(stage, post(stage, somebody, shown));
    const title = answer.items[0]?.text ?? answer.items[0]?.title;
    const text = `${words.sent} (${channel}): ${nameOf(member)}, ${title?.[language]}`;
    ticker.happened("message", clock.nowMs(), text);
  };
  return {
    write,
    mayDisturb: ({ member }, nowMs) =>
      !isNight(localTime(nowMs).hour) &&
      nowMs - (disturbed.get(member) ?? Number.NEGATIVE_INFINITY) >= restMs,
    async disturb(somebody) {
      disturbed.set(somebody.member, clock.nowMs());
      await write(somebody, somebody.member.appDevice === null ? "email.slot" : "push");
    },
  };
}

const channelOf = (placement: string): string => (placement === "push" ? "push" : "email");

/** Writes the message now, and what the reader does with it later; a push is read on the locked screen. */
function post(stage: Stage, { life, member }: Somebody, shown: readonly Shown[]) {
  const { decisionId, placement } = shown[0]!;
  const draw = chance(hash32(`${life.household.seed}/message/${decisionId}`));
  const channel = channelOf(placement);
  const scribe = createScribe({
    idStart: `${stage.town.tag}-m-${decisionId}`,
    fromMs: stage.clock.nowMs(),
    untilMs: Number.POSITIVE_INFINITY,
    frame: { channel },
  });
  scribe.identify({ email: member.email });
  const message = { messageId: `m-${decisionId}`, channel, decisionId };
  scribe.say("message.sent", message);
  const sent = scribe.take();
  if (!happens(draw, channel === "push" ? 0.8 : member.opensMailShare)) return sent;

  scribe.wait(60 * between(draw, 2, 60));
  scribe.say("message.opened", message);
  expose(scribe, shown);
  stage.result.exposures += shown.length;
  const untilMs = scribe.nowMs + remindsMs;
  life.reminders = [...life.reminders, ...shown.map((one) => ({ shown: one, untilMs }))].slice(-remindersMax);
  comeBy({ life, draw, scribe }, () => scribe.say("message.clicked", message));
  addLater(life, { atMs: scribe.nowMs, events: scribe.take() });
  return sent;
}

function comeBy(
  { life, draw, scribe }: { life: Somebody["life"]; draw: Chance; scribe: Scribe },
  click: () => void,
): void {
  if (!happens(draw, clickedShare)) return;
  click();
  life.nextShopMs = Math.min(life.nextShopMs, scribe.nowMs + 2 * minuteMs);
}
