export * from "./fold.ts";
export { createPeople, type Erased, type Found, type Named, type People, type Person } from "./people.ts";
export { peopleRoutes } from "./routes/people.ts";
export {
  type ConsentState,
  consentOf,
  hasConsent,
  hasObjected,
  slices as peopleSlices,
  type TraitsState,
} from "./slice.ts";
export { readBrowsed, readTraits } from "./traits-store.ts";
