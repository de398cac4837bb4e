/** What a key may do. Every endpoint names exactly one; a route without one does not compile. */
export const scopes = {
  "events:append": "Append events to the key's own source. A public key carries it.",
  "events:read": "List events, counters and quarantine.",
  "events:repair": "Repair, resend or drop quarantined events; hand over unreadable input.",
  "people:read": "Read profiles, identities and consents (personal data).",
  "people:write": "Merge, undo a merge, record consent.",
  "people:erase": "Erase a person.",
  "catalog:read": "Read items.",
  "catalog:write": "Write items.",
  "stock:write": "Feed stock: counts, differences, receipts and transfers.",
  "stock:hold": "Hold and release units.",
  "offers:read": "Read offers and placements.",
  "offers:write": "Write offers and placements.",
  "decisions:make": "Ask for decisions.",
  "decisions:read": "Read, explain and replay decisions and moments.",
  "stock:read": "Read levels of stock and what moved them.",
  "orders:read": "Read carts and orders.",
  "carts:write": "Open, change and sign in carts.",
  "carts:own": "Make a cart of nobody, and change the one whose token is shown. A public key carries it.",
  "orders:write": "Place, ship, cancel, return and exchange orders.",
  "payments:read": "Read payments and gift cards, and what moved them.",
  "payments:write": "Take payments, give them back, issue gift cards.",
  "stream:read":
    "Follow changes as they happen; each topic needs the scope of reading what it tells, too. A public key follows one cart, by its token.",
  "webhooks:admin": "Create, change and replay webhooks.",
  "scores:read": "Read models and their figures.",
  "scores:train": "Train and promote models.",
  "measure:read": "Read reports.",
  "keys:admin": "Create, list and revoke keys.",
  "hub:admin": "Verify and operate the hub.",
} as const;

export type Scope = keyof typeof scopes;
export const allScopes = Object.keys(scopes) as readonly Scope[];

/** A public key lives in a browser: whoever reads the page has it. */
export const publicScopes: readonly Scope[] = ["events:append", "stream:read", "carts:own"];
