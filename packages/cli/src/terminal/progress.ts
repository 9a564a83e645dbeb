import type { ExchangeProgress, ExchangeStage } from "@nova-agent/host";
import type { Clock } from "@nova-agent/xenstore";
import { PROGRESS_AFTER_MS, PROGRESS_EVERY_MS } from "../limits.ts";
import type { Terminal } from "./terminal.ts";

/** Where progress is shown. */
type ErrorTerminal = Pick<Terminal, "isErrorTty" | "writeError">;

/** A line on the standard error that tells how far a request is, while it takes longer than a second. */
export class ProgressLine {
  readonly #terminal: ErrorTerminal;
  readonly #clock: Clock;
  #current: ExchangeProgress | undefined;
  #sentAtMs = 0;
  #stopTimer: (() => void) | undefined;
  #isShown = false;

  constructor(terminal: ErrorTerminal, clock: Clock) {
    this.#terminal = terminal;
    this.#clock = clock;
  }

  /** Takes note of a step; shows nothing when nobody reads the standard error. */
  readonly note = (progress: ExchangeProgress): void => {
    if (!this.#terminal.isErrorTty) return;
    if (progress.stage === "answered") {
      this.close();
      return;
    }
    // A remark follows, on a line of its own.
    if (progress.stage === "moved") this.#wipe();
    // The same command without an answer between is one wait.
    if (this.#current?.command !== progress.command) this.#begin();
    this.#current = progress;
  };

  /** Wipes the line; safe to call twice. */
  close(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    this.#wipe();
    this.#current = undefined;
  }

  #wipe(): void {
    if (this.#isShown) this.#terminal.writeError("\r\u001b[K");
    this.#isShown = false;
  }

  #begin(): void {
    this.close();
    this.#sentAtMs = this.#clock.nowMs();
    this.#stopTimer = this.#clock.after(PROGRESS_AFTER_MS, this.#show);
  }

  readonly #show = (): void => {
    if (this.#current === undefined) return;
    const elapsedMs = this.#clock.nowMs() - this.#sentAtMs;
    this.#terminal.writeError(`\r\u001b[K${progressText(this.#current, elapsedMs)}`);
    this.#isShown = true;
    this.#stopTimer = this.#clock.after(PROGRESS_EVERY_MS, this.#show);
  };
}

const stageTexts: Readonly<Record<ExchangeStage, string>> = {
  sent: "is sent, waiting for the guest",
  taken: "is taken by the guest, waiting for its answer",
  away: "waits for the guest, whose domain has ended, to come back",
  moved: "waits for the answer of what the guest had begun",
  answered: "is answered",
};

/** `Domain 5: "resetnetwork" is sent, waiting for the guest (3 of 60 s)` */
export function progressText(progress: ExchangeProgress, elapsedMs: number): string {
  const seconds = `${Math.round(elapsedMs / 1000)} of ${Math.ceil(progress.timeoutMs / 1000)} s`;
  return `Domain ${progress.domid}: "${progress.command}" ${stageTexts[progress.stage]} (${seconds})`;
}

/** `Domain 3 became domain 5; "version" goes on there` */
export function moveText(progress: ExchangeProgress & { readonly stage: "moved" }): string {
  const { formerDomid, domid, command } = progress;
  const event = formerDomid === domid ? "went away and came back" : `became domain ${domid}`;
  return `Domain ${formerDomid} ${event}; "${command}" goes on there`;
}
