import { listModelFamilies, type ModelFamilyState, readModel } from "@trato/contract";
import { Argument, type Command } from "commander";
import { figuresIn } from "../figures.ts";
import { modelText } from "../model-text.ts";
import type { Session } from "../session.ts";
import type { Shell } from "../shell.ts";
import { table } from "../table.ts";
import { verb } from "../verb.ts";

/** `trato models [model]`: what models there are for and how good they are, or the whole card of one. */
export const modelsVerb = (shell: Shell): Command =>
  verb(shell, "models", "list the models in charge, or print the card of one", async (session, [model]) => {
    const { client, answer } = session;
    if (model !== undefined) {
      const found = await client.call(readModel, { params: { model } });
      return answer(found, () => modelText(found, session));
    }
    const { families } = await client.call(listModelFamilies);
    answer({ families }, () => familiesText(families, session));
  }).addArgument(new Argument("[model]", "a family, for its model in charge, or a version"));

function familiesText(families: readonly ModelFamilyState[], { say, language, shell }: Session): string {
  const { fixed } = figuresIn(language);
  const head = [
    { heading: say("family") },
    { heading: say("model"), align: "right" },
    { heading: say("figure"), align: "right" },
    { heading: say("lastTraining"), wide: true },
  ] as const;
  const rows = families.map(({ family, version, measured, drift, last }) => [
    family,
    version ?? "–",
    measured === undefined ? "–" : `${measured.name} ${fixed(measured.value.mean, 3)}`,
    [last?.why[language] ?? say("neverTrained"), drift?.says[language] ?? ""].join(" ").trim(),
  ]);
  return table(head, rows, shell.columns);
}
