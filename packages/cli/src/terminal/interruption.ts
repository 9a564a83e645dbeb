import type { ProgramHost } from "../program-host.ts";
import { Cancellation } from "./cancellation.ts";

/** As a shell tells that a signal ended a program. */
const SIGNAL_STATUS = 128;

/** A stop asked for by Ctrl-C or `kill`: the first withdraws what is under way, the second ends the process. */
export class Interruption {
  readonly #cancellation = new Cancellation();
  readonly #forget: () => void;
  #exitCode: number | undefined;

  constructor(host: Pick<ProgramHost, "onSignal" | "exit">) {
    this.#forget = host.onSignal((number) => {
      const exitCode = SIGNAL_STATUS + number;
      if (this.#exitCode !== undefined) host.exit(exitCode);
      this.#exitCode = exitCode;
      this.#cancellation.cancel();
    });
  }

  /** Aborted at the first signal. */
  get signal(): Cancellation {
    return this.#cancellation;
  }

  /** The exit code that a shell expects after the signal that came, or undefined when none did. */
  get exitCode(): number | undefined {
    return this.#exitCode;
  }

  /** Listens no longer. */
  close(): void {
    this.#forget();
  }
}
