import { happens } from "../draw.ts";
import type { Member, VisitChannel } from "../homes/member.ts";
import type { Scribe } from "./scribe.ts";
import type { Visit } from "./visit.ts";

type Identities = Readonly<Record<string, string>>;

/** What the shop can tell about who this is: a device, a card, a signed-in account, or nothing. */
export function identitiesOf(visit: Pick<Visit, "channel" | "member" | "isNamed">): Identities {
  const { channel, member, isNamed } = visit;
  if (channel === "app") return { email: member.email, device: member.appDevice ?? member.webDevice };
  if (channel === "web") {
    return isNamed ? { email: member.email, device: member.webDevice } : { device: member.webDevice };
  }
  if (!isNamed) return {};
  return member.loyalty === null ? { email: member.email } : { loyalty: member.loyalty };
}

/** Writes how the visit begins: anonymous, then signed in; the first time somebody is named, who they are. */
export function open(visit: Omit<Visit, "asks">): void {
  const { channel, member, scribe, draw, life, isNamed } = visit;
  const identities = identitiesOf(visit);
  if (channel === "web") {
    scribe.identify({ device: member.webDevice });
    scribe.say("page.viewed", { path: "/", title: "Inicio" });
    scribe.wait(4);
  }
  if (channel === "app") {
    scribe.identify(identities);
    scribe.say("screen.viewed", { name: "Inicio" });
  }
  scribe.identify(identities);
  if (!isNamed) return;
  if (!life.registered.has(member)) {
    life.registered.add(member);
    register(visit);
  } else if (channel === "web") {
    scribe.say("account.signed_in", { by: "email" });
    scribe.wait(3);
  }
  if (happens(draw, consentChangeShare)) changeMind(scribe, member);
}

const consentChangeShare = 0.004;
const textVersion = "2026-03";

function register({ scribe, member, life, channel }: Omit<Visit, "asks">): void {
  const { household } = life;
  scribe.identify({
    email: member.email,
    ...(member.loyalty === null ? {} : { loyalty: member.loyalty }),
    ...(channel === "pos" ? {} : { device: channel === "app" ? member.appDevice! : member.webDevice }),
  });
  scribe.say("account.created", { by: channel === "pos" ? "till" : "email" });
  scribe.say("person.described", {
    name: `${member.firstName} ${member.lastName}`,
    firstName: member.firstName,
    lastName: member.lastName,
    language: member.language,
    country: "EC",
    city: household.city,
    householdSize: household.size,
    store: household.store,
  });
  scribe.say("person.grouped", {
    groupId: `hogar-${household.number}`,
    kind: "household",
    name: household.name,
  });
  answerConsent(scribe, member, evidence[channel]);
  scribe.wait(5);
}

const evidence: Readonly<Record<VisitChannel, string>> = {
  web: "Boxes of the form on /registro.",
  app: "Switches on the app's first screen.",
  pos: "Signed on the till's screen with the loyalty card.",
};

function answerConsent(scribe: Scribe, member: Member, evidence: string): void {
  const { wish, language } = member;
  if (wish === "unasked") return;
  if (wish === "refused") {
    scribe.say("consent.withdrawn", { purpose: "personalise", textVersion, language, evidence });
    scribe.say("consent.withdrawn", { purpose: "marketing", textVersion, language, evidence });
    return;
  }
  scribe.say("consent.given", { purpose: "personalise", textVersion, language, evidence });
  scribe.say("consent.given", { purpose: "measure", textVersion, language, evidence });
  if (wish === "agreed")
    scribe.say("consent.given", { purpose: "marketing", textVersion, language, evidence });
}

/** Who agreed takes marketing back; who had not agrees to be served personally. */
function changeMind(scribe: Scribe, { wish, language }: Member): void {
  const evidence = "Switch in the account's privacy settings.";
  if (wish === "agreed") {
    scribe.say("consent.withdrawn", { purpose: "marketing", textVersion, language, evidence });
  } else {
    scribe.say("consent.given", { purpose: "personalise", textVersion, language, evidence });
  }
}
