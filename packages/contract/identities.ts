/**
 * What points to a person, strongest first. A person has at most one of an `exclusive` kind: two people with
 * different national ids are never merged because they shared a tablet.
 */
export const identityKinds = {
  national_id: { strength: 6, exclusive: true, example: "EC:0926687856" },
  loyalty: { strength: 5, exclusive: true, example: "90017" },
  email: { strength: 4, exclusive: false, example: "ana@example.com" },
  phone: { strength: 3, exclusive: false, example: "+593987654321" },
  user: { strength: 2, exclusive: false, example: "shop-user-42" },
  device: { strength: 1, exclusive: false, example: "a1b2c3" },
  anonymous: { strength: 0, exclusive: false, example: "0b9d7c1e-anon" },
} as const satisfies Record<string, { strength: number; exclusive: boolean; example: string }>;

export type IdentityKind = keyof typeof identityKinds;
export type Identity = { readonly kind: IdentityKind; readonly value: string };

/** Kinds from strongest to weakest. */
export const kindsByStrength = (Object.keys(identityKinds) as IdentityKind[]).sort(
  (a, b) => identityKinds[b].strength - identityKinds[a].strength,
);
