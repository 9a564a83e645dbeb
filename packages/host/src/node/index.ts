export { nodeCrypto } from "./password-crypto.ts";
