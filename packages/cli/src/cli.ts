import {
  type CancelSignal,
  type ExchangeProgress,
  findDomain,
  type GuestCall,
  HostConnector,
} from "@nova-agent/host";
import { XenstoreClient, XenstoreError } from "@nova-agent/xenstore";
import { CliError } from "./errors.ts";
import { ExitCode } from "./exit-code.ts";
import type { ProgramHost } from "./program-host.ts";
import { moveText, ProgressLine } from "./terminal/progress.ts";
import type { Terminal } from "./terminal/terminal.ts";
import { encodeJson } from "./text/escape.ts";
import { randomGuid } from "./text/random.ts";

/** The options that every command takes. */
export interface GlobalOptions {
  readonly isJson: boolean;
  /** In place of each command's limit. */
  readonly timeoutMs: number | undefined;
}

/** A result in both of its shapes; `text` is safe to show. */
export interface Output {
  readonly json: unknown;
  readonly text: string;
}

/** A guest that was found, and what an operation on it needs. */
export interface GuestAccess {
  readonly connector: HostConnector;
  readonly call: GuestCall;
}

/** What the commands share in one run: where to print, whom to ask, when to stop. */
export class Cli {
  readonly host: ProgramHost;
  readonly signal: CancelSignal;
  /** What the process ends with when nothing is thrown. */
  exitCode: number = ExitCode.done;
  #options: GlobalOptions = { isJson: false, timeoutMs: undefined };

  constructor(host: ProgramHost, signal: CancelSignal) {
    this.host = host;
    this.signal = signal;
  }

  get terminal(): Terminal {
    return this.host.terminal;
  }

  get isJson(): boolean {
    return this.#options.isJson;
  }

  /** What `--timeout` said. */
  get timeoutMs(): number | undefined {
    return this.#options.timeoutMs;
  }

  setOptions(options: GlobalOptions): void {
    this.#options = options;
  }

  /** One result, or one line of several, on the standard output. */
  print(output: Output): void {
    const text = this.isJson ? encodeJson(output.json) : output.text;
    if (text !== "") this.terminal.writeOut(`${text}\n`);
  }

  /** A remark for a person, on the standard error; a program that reads JSON finds it in the result. */
  remark(text: string): void {
    if (!this.isJson) this.terminal.writeError(`${text}\n`);
  }

  /** Runs `body` with a connection to XenStore. Throws XENSTORE_UNREACHABLE when there is none. */
  async withXenstore<Result>(body: (xenstore: XenstoreClient) => Promise<Result>): Promise<Result> {
    const xenstore = await openXenstore(this.host);
    try {
      return await body(xenstore);
    } finally {
      await xenstore.close();
    }
  }

  /** Runs `body` with the guest that a domid or a name means. */
  async withGuest(guest: string, body: (access: GuestAccess) => Promise<void>): Promise<void> {
    await this.withXenstore(async (xenstore) => {
      const { domid, uuid } = await findDomain(xenstore, guest);
      const { clock, crypto } = this.host;
      const connector = new HostConnector({ xenstore, clock, newId: () => randomGuid(crypto) });
      const progress = new ProgressLine(this.terminal, clock);
      const { timeoutMs } = this.#options;
      const onProgress = (step: ExchangeProgress): void => {
        progress.note(step);
        if (step.stage === "moved") this.remark(moveText(step));
      };
      try {
        const call = { domid, uuid, timeoutMs, signal: this.signal, onProgress };
        await body({ connector, call });
      } finally {
        progress.close();
      }
    });
  }
}

async function openXenstore(host: ProgramHost): Promise<XenstoreClient> {
  try {
    const { connect } = host.findXenstore();
    return await XenstoreClient.open({ connect, clock: host.clock, reconnect: false });
  } catch (error) {
    if (!(error instanceof XenstoreError)) throw error;
    throw new CliError(
      "XENSTORE_UNREACHABLE",
      `${error.message.replace(/[.?]$/, "")}. In dom0, check that xenstored runs and that you are root. ` +
        `To try guestctl without Xen, run "npm start" and export the XENSTORED_PATH that it prints`,
      { cause: error },
    );
  }
}
