/**
 * Keeps what is secret in the ledger from whoever reads the database. Its key belongs to the
 * configuration of the process, and never stands in the database.
 */
export interface Sealer {
  seal(bytes: Uint8Array): Uint8Array;
  /** Throws HostError SEAL_BROKEN for what was sealed with another key, or was changed. */
  open(sealed: Uint8Array): Uint8Array;
}
