import type { ModelCard } from "@trato/contract";
import type { Estimate } from "@trato/predict";

/**
 * Whether a new model takes charge of its family: when there is none yet, or when it is not worse than the one in
 * charge on the same time. Worse means that the whole 95 % interval of the difference, one by one, lies below nought.
 */
export function judge(against: string | null, gain: Estimate | null): ModelCard["verdict"] {
  if (against === null) {
    const why = { en: "The first model.", es: "Es el primer modelo." };
    return { promoted: true, against, gain: null, why };
  }
  if (gain === null) {
    const en = `There was nothing on both sides of the split, so it could not be compared with model ${against}.`;
    const es = `No hubo nada a ambos lados del corte, así que no se pudo comparar con el modelo ${against}.`;
    return { promoted: false, against, gain: null, why: { en, es } };
  }
  const { mean, low, high } = gain;
  const found = { mean, low, high };
  if (high < 0) {
    const en = `It does worse than model ${against}, which stays in charge.`;
    const es = `Acierta menos que el modelo ${against}, que sigue a cargo.`;
    return { promoted: false, against, gain: found, why: { en, es } };
  }
  const en = `It is not worse than model ${against}, and it knows later days.`;
  const es = `No es peor que el modelo ${against} y conoce días más recientes.`;
  return { promoted: true, against, gain: found, why: { en, es } };
}
