/** Chances of popularity, of neighbours and of buying again are about so many days. */
export const scoresHorizonDays = 7;
