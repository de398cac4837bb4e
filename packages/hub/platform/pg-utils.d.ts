declare module "pg/lib/utils.js" {
  /** A value of ours as PostgreSQL takes it in text, or bytes for binary; null for none. */
  export function prepareValue(value: unknown): string | Buffer | null;
}
