/** Somebody changed who is who, or a profile, between our look and our write: begin the transaction again. */
export class ChangedUnderUs extends Error {
  readonly code = "40001";
}
