import { verifyProfiles } from "@trato/contract";
import type { Command } from "commander";
import { exitCodes, Failure } from "../failure.ts";
import { figuresIn } from "../figures.ts";
import type { Shell } from "../shell.ts";
import { verb } from "../verb.ts";

const shownMax = 20;

/** `trato verify`: does every live profile equal its replay from the log, do the counters add up and the books balance? */
export const verifyVerb = (shell: Shell): Command =>
  verb(
    shell,
    "verify",
    "replay everybody from the log and compare with the live profiles",
    async (session) => {
      const found = await session.client.call(verifyProfiles);
      const { whole } = figuresIn(session.language);
      session.answer(found, () => {
        const lines = [session.say("verified", { people: whole(found.people), ms: whole(found.tookMs) })];
        lines.push(session.say(found.different.length === 0 ? "profilesEqual" : "profilesDiffer"));
        for (const one of found.different.slice(0, shownMax)) lines.push(`  ${one.personId} ${one.slice}`);
        if (found.different.length > shownMax) lines.push(`  … ${whole(found.different.length)}`);
        lines.push(session.say(found.countersAdd ? "countersAdd" : "countersDiffer"));
        lines.push(session.say(found.books.length === 0 ? "booksBalance" : "booksDiffer"));
        for (const one of found.books.slice(0, shownMax)) lines.push(`  ${one}`);
        return `${lines.join("\n")}\n`;
      });
      if (!found.ok) throw new Failure(exitCodes.refused, session.say("notVerified"), {});
    },
  );
