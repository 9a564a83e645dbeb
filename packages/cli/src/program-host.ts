import type { PasswordCrypto } from "@nova-agent/host";
import type { Clock, FoundXenstore } from "@nova-agent/xenstore";
import type { ByteSource, Terminal } from "./terminal/terminal.ts";

/** A file that is open. */
export interface OpenFile extends ByteSource {
  /** To be called once nobody listens. */
  close(): void;
}

/** What guestctl needs of the runtime that it runs on. */
export interface ProgramHost {
  readonly terminal: Terminal;
  readonly clock: Clock;
  readonly crypto: PasswordCrypto;
  /** Where XenStore is; throws a XenstoreError when nothing is found. */
  findXenstore(): FoundXenstore;
  /** Opens a file to read, without a wait also of a FIFO; throws what the operating system says. */
  openFile(path: string): OpenFile;
  /** Calls back with the number of each signal that asks for the end; the returned function takes it back. */
  onSignal(callback: (number: number) => void): () => void;
  /** Ends the process, whatever is still under way. */
  exit(status: number): void;
}
