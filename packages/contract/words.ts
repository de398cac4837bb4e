import { type Static, Type } from "typebox";

const text = Type.String({ minLength: 1, maxLength: 500 });

/** The same words in Spanish and in English, as a shopper or a colleague reads them. */
export const words = Type.Object({ es: text, en: text });
export type Words = Static<typeof words>;

/** Fills `{name}` places of a text in both languages with the words or the plain text given. */
export function fillWords(template: Words, values: Readonly<Record<string, Words | string>>): Words {
  const fill = (language: "es" | "en") =>
    template[language].replaceAll(/\{(\w+)\}/g, (place, name: string) => {
      const value = values[name];
      if (value === undefined) return place;
      return typeof value === "string" ? value : value[language];
    });
  return { es: fill("es"), en: fill("en") };
}
