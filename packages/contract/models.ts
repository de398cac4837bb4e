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
  affinity: {
    says: {
      es: "Qué le gustará a quien compró algo, de lo que nunca ha comprado.",
      en: "What somebody who bought a thing will like, of what they never bought.",
    },
    measure: {
      ...recall10,
      says: {
        es: "De lo nuevo que la gente compró después, la parte que estaba entre los diez nombrados primero.",
        en: "Of the new things people bought next, the share that was among the ten named first.",
      },
    },
    inputs: { es: "Artículos distintos por persona.", en: "Different items a person has bought." },
  },
  basket: {
    says: {
      es: "Cuáles de las cosas que alguien compra comprará la próxima vez.",
      en: "Which of the things somebody buys they will buy next.",
    },
    measure: {
      ...recall10,
      says: {
        es: "De lo que la gente volvió a comprar, la parte que estaba entre los diez nombrados primero.",
        en: "Of what people bought again, the share that was among the ten named first.",
      },
    },
    inputs: { es: "Días desde la última compra.", en: "Days since the last purchase." },
  },
  session: {
    says: {
      es: "Qué mirará ahora alguien que está mirando esto.",
      en: "What somebody who is looking at this will look at next.",
    },
    measure: {
      name: "MRR@20",
      better: "more",
      says: {
        es: "Uno entre el lugar en que estaba lo que se miró después, en promedio; 0 si no estaba entre veinte.",
        en: "One over the place at which stood what was looked at next, on average; 0 when not among twenty.",
      },
    },
    inputs: { es: "Cosas miradas por visita.", en: "Things looked at in a visit." },
  },
  intent: {
    says: {
      es: "Si una visita terminará en la compra de algo que miró.",
      en: "Whether a visit will end with buying something it looked at.",
    },
    measure: {
      name: "log-loss",
      better: "less",
      says: {
        es: "Cuánto sorprende al modelo qué visitas terminaron en compra en el tiempo apartado para medir.",
        en: "How surprised the model is by which visits ended with buying in the time kept aside to measure.",
      },
    },
    inputs: { es: "Cosas miradas por visita.", en: "Things looked at in a visit." },
  },
  lifetime: {
    says: {
      es: "Quién sigue viniendo, cuántas veces vendrá y cuánto gastará.",
      en: "Who still comes, how often they will come and how much they will spend.",
    },
    measure: {
      name: "log-loss",
      better: "less",
      says: {
        es: "Cuánto sorprende al modelo quién volvió en el tiempo apartado para medir.",
        en: "How surprised the model is by who came back in the time kept aside to measure.",
      },
    },
    inputs: { es: "Veces que cada persona ha vuelto.", en: "How often each person has come back." },
  },
  churn: {
    says: {
      es: "Quién volverá a comprar dentro del plazo.",
      en: "Who will order again within the horizon.",
    },
    measure: {
      name: "log-loss",
      better: "less",
      says: {
        es: "Cuánto sorprende al modelo quién volvió a comprar en el tiempo apartado para medir.",
        en: "How surprised the model is by who ordered again in the time kept aside to measure.",
      },
    },
    inputs: { es: "Días desde la última compra.", en: "Days since the last purchase." },
  },
  uplift: {
    says: {
      es: "A quién le hace comprar que se decida para él, y a quién no.",
      en: "Whom it makes buy that they are decided for, and whom it does not.",
    },
    measure: {
      name: "Qini",
      better: "more",
      says: {
        es: "Compradores de más por persona tratada, al empezar por quien más cambiaría y no por cualquiera; 0 es el azar.",
        en: "Buyers gained per treated person by beginning with whom it changes most, not with anybody; 0 is chance.",
      },
    },
    inputs: { es: "Días desde la última compra.", en: "Days since the last purchase." },
  },
  care: {
    says: {
      es: "Cuándo necesitará cuidado un aparato que alguien registró.",
      en: "When a thing that somebody registered will need care.",
    },
    measure: {
      name: "log-loss",
      better: "less",
      says: {
        es: "Cuánto sorprende al modelo qué aparatos necesitaron cuidado en el tiempo apartado para medir.",
        en: "How surprised the model is by which things needed care in the time kept aside to measure.",
      },
    },
    inputs: { es: "Edad de los aparatos, en días.", en: "Age of the things, in days." },
  },
  demand: {
    says: {
      es: "Cuántas unidades de un artículo se pedirán en un lugar, semana por semana.",
      en: "How many of an item will be asked for at a place, week by week.",
    },
    measure: {
      name: "error share",
      better: "less",
      says: {
        es: "De lo que suele venderse en una semana, la parte en que se equivoca por artículo y lugar.",
        en: "Of what usually sells in a week, the share by which it is wrong per item and place.",
      },
    },
    inputs: { es: "Unidades por semana.", en: "Pieces a week." },
  },
  price: {
    says: {
      es: "Cuánto más o menos se vende cuando cambia un precio.",
      en: "How many more or fewer are sold when a price changes.",
    },
    measure: {
      name: "log error",
      better: "less",
      says: {
        es: "En las semanas con otro precio que el usual, cuánto se equivoca en lo vendido, en logaritmos.",
        en: "In weeks at another price than usual, by how much it is wrong about what was sold, in logarithms.",
      },
    },
    inputs: {
      es: "Precios como múltiplo del usual.",
      en: "Prices as a multiple of the usual one.",
    },
  },
  anomaly: {
    says: {
      es: "En qué días un lugar o un canal tuvo extrañamente pocos o muchos pedidos.",
      en: "On which days a place or a channel had strangely few or many orders.",
    },
    measure: {
      name: "told less false",
      better: "more",
      says: {
        es: "De los incidentes inventados (dos días sin pedidos, uno con el triple, una semana con dos quintos), la parte que se avisa, menos una décima por cada otra alarma al mes.",
        en: "Of made-up incidents (two days without orders, one with three times as many, a week with two fifths), the share that is told, less a tenth for every other alarm a month.",
      },
    },
    inputs: { es: "Pedidos por día.", en: "Orders a day." },
  },
} as const satisfies Record<string, Family>;

export type ModelFamily = keyof typeof modelFamilies;
export const allModelFamilies = Object.keys(modelFamilies) as readonly ModelFamily[];
