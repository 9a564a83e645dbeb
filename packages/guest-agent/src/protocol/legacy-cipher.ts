/** What the password is encrypted with on its way, for hosts whose runtime has no cryptography. */
export { AES_BLOCK_BYTES, type CbcOptions, encryptAesCbc } from "./aes.ts";
export { md5 } from "./md5.ts";
