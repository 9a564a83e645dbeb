export { nodePasswordEncryption } from "./password-encryption.ts";
export { nodeCrypto } from "./password-crypto.ts";
export { type ProcessLock, type ProcessLockOptions, acquireLock } from "./process-lock.ts";
export * from "./sealer.ts";
