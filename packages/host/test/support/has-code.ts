import { HostError, type HostErrorCode } from "../../src/index.ts";

/** For `assert.rejects` and `assert.throws`: a HostError with this code and words like these. */
export function hasCode(code: HostErrorCode, words?: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof HostError && error.code === code && (words?.test(error.message) ?? true);
}
