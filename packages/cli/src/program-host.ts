import type { PasswordCrypto } from "@nova-agent/host";
import type { Clock, FoundXenstore } from "@nova-agent/xenstore";
import type { Terminal } from "./terminal/terminal.ts";

/** What guestctl needs of the runtime that it runs on. */
export interface ProgramHost {
  readonly terminal: Terminal;
  readonly clock: Clock;
  readonly crypto: PasswordCrypto;
  /** Where XenStore is; throws a XenstoreError when nothing is found. */
  findXenstore(): FoundXenstore;
  /** The first bytes of a file; rejects with what the operating system says. */
  readFile(path: string, bytesMax: number): Promise<Uint8Array>;
  /** Calls back with the number of each signal that asks for the end; the returned function takes it back. */
  onSignal(callback: (number: number) => void): () => void;
  /** Ends the process, whatever is still under way. */
  exit(status: number): void;
}
