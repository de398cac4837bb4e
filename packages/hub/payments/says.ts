import { type PaymentState, paymentStates, type Words } from "@trato/contract";

/** "It is: Captured", in both languages. */
export const stateWords = (state: PaymentState): Words => ({
  en: `It is: ${paymentStates[state].en} (${state}).`,
  es: `Está: ${paymentStates[state].es} (${state}).`,
});

export const leftWords = (leftMinor: number): Words => ({
  en: `${leftMinor} are left.`,
  es: `Quedan ${leftMinor}.`,
});

export const beingAsked: Words = {
  en: "The provider is being asked already.",
  es: "Ya se está preguntando al proveedor.",
};
