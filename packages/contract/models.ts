import type { Words } from "./words.ts";

type Family = {
  /** What a model of the family knows. */
  readonly says: Words;
  /** How good it is, in one figure. */
  readonly measure: { readonly name: string; readonly says: Words; readonly better: "more" | "less" };
  /** What it is asked about, which may come to differ from what it learnt from. */
  readonly inputs: Words;
};

const recall10: Family["measure"] = {
  name: "recall@10",
  better: "more",
  says: {
    es: "De lo que la gente compró después, la parte que estaba entre los diez nombrados primero.",
    en: "Of what people bought next, the share that was among the ten named first.",
  },
};

/** What models are for: each family has its own trainings, versions and model in charge. */
export const modelFamilies = {
  purchases: {
    says: {
      es: "Qué se compra con qué y después de qué, y cuándo le toca a alguien volver a comprarlo.",
      en: "What is bought with what and after what, and when somebody is due to buy it again.",
    },
    measure: recall10,
    inputs: { es: "Días desde la última compra.", en: "Days since the last purchase." },
  },
} as const satisfies Record<string, Family>;

export type ModelFamily = keyof typeof modelFamilies;
export const allModelFamilies = Object.keys(modelFamilies) as readonly ModelFamily[];
