export { slices as peopleSlices, consentOf, hasConsent, hasObjected, type ConsentState, type TraitsState } from "./slice.ts";
export * from "./fold.ts";
export { createPeople, type Erased, type Found, type Named, type People, type Person } from "./people.ts";
export { peopleRoutes } from "./routes/people.ts";
