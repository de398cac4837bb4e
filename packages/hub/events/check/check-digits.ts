/** Check digits of the numbers of trade, each on a text of digits only. */

/** Luhn (ISO/IEC 7812): cards, and also IMEI. */
export function luhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48;
    const doubled = i % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** GS1: GTIN-8, 12, 13, 14 and SSCC-18. Weights 3 and 1 from the right. */
export function gs1(digits: string): boolean {
  if (![8, 12, 13, 14, 18].includes(digits.length)) return false;
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    sum += (digits.charCodeAt(digits.length - 1 - i) - 48) * (i % 2 === 0 ? 1 : 3);
  }
  return sum % 10 === 0;
}

/** The weighted sum modulo 11 of Brazil's and Ecuador's tax offices: weights from 2 up to `top`, again and again. */
function mod11(digits: string, top: number): number {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    sum += (digits.charCodeAt(digits.length - 1 - i) - 48) * (2 + (i % (top - 1)));
  }
  return sum % 11;
}

const fromRest = (rest: number) => (rest < 2 ? 0 : 11 - rest);

/** Brazil's company number: 14 digits, the last two check the others. */
export function cnpj(digits: string): boolean {
  if (digits.length !== 14) return false;
  const first = fromRest(mod11(digits.slice(0, 12), 9));
  const second = fromRest(mod11(`${digits.slice(0, 12)}${first}`, 9));
  return digits.endsWith(`${first}${second}`);
}

/** The access key of an electronic invoice: 49 digits in Ecuador, 44 in Brazil; the last one checks the others. */
export function accessKey(digits: string): boolean {
  const body = digits.slice(0, -1);
  const check = Number(digits.at(-1));
  if (digits.length === 44) return fromRest(mod11(body, 9)) === check;
  if (digits.length !== 49) return false;
  const rest = 11 - mod11(body, 7);
  return (rest === 11 ? 0 : rest === 10 ? 1 : rest) === check;
}
