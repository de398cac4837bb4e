/** What a form holds: `{metadata: {a: "1"}}` is written metadata[a]=1, as Stripe reads it. */
export type Form = { readonly [name: string]: string | number | boolean | Form };

/** Writes nested values as application/x-www-form-urlencoded, the body of Stripe's API. */
export function encodeForm(form: Form): string {
  const out = new URLSearchParams();
  const add = (prefix: string, value: Form[string]): void => {
    if (typeof value !== "object") out.append(prefix, String(value));
    else for (const [name, inner] of Object.entries(value)) add(`${prefix}[${name}]`, inner);
  };
  for (const [name, value] of Object.entries(form)) add(name, value);
  return out.toString();
}
