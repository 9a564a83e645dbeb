import type { CancelSignal, PasswordCrypto } from "@nova-agent/host";
import type { Clock, FoundXenstore } from "@nova-agent/xenstore";
import type { ByteSource, Terminal } from "./terminal/terminal.ts";

/** A file that is open. */
export interface OpenFile extends ByteSource {
  /** To be called once nobody listens. */
  close(): void;
}

/** A request over HTTP. */
export interface HttpRequest {
  readonly method: "GET" | "POST" | "DELETE";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly timeoutMs: number;
  readonly signal: CancelSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
  header(name: string): string | undefined;
}

/** How the API of the control service is found and reached. */
export interface ApiAccess {
  /** A variable of the process's environment. */
  environment(name: string): string | undefined;
  /** Follows no redirection; throws what the runtime says when there is no answer. */
  send(request: HttpRequest): Promise<HttpAnswer>;
}

/** What guestctl needs of the runtime that it runs on. */
export interface ProgramHost {
  readonly terminal: Terminal;
  readonly clock: Clock;
  readonly crypto: PasswordCrypto;
  /** Undefined in an executable without HTTP. */
  readonly api: ApiAccess | undefined;
  /** Where XenStore is; throws a XenstoreError when nothing is found. */
  findXenstore(): FoundXenstore;
  /** Opens a file to read, without a wait also of a FIFO; throws what the operating system says. */
  openFile(path: string): OpenFile;
  /** Calls back with the number of each signal that asks for the end; the returned function takes it back. */
  onSignal(callback: (number: number) => void): () => void;
  /** Ends the process, whatever is still under way. */
  exit(status: number): void;
}
