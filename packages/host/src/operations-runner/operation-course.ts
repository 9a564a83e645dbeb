import type { Clock } from "@nova-agent/xenstore";
import type { CancelSignal } from "../cancel-signal.ts";
import type { PasswordCrypto } from "../crypto/password-crypto.ts";
import { HostError, type HostErrorCode } from "../errors.ts";
import type { GuestCall, HostConnector } from "../host-connector.ts";
import type { Operation } from "../ledger/operation.ts";
import { OPERATION_RETRY_FIRST_MS, OPERATION_RETRY_MAX_MS } from "../limits.ts";
import { commandRule } from "../model/command-rule.ts";
import { refusedError } from "../model/exchange-errors.ts";
import { tellsOfLostKey } from "../model/lost-key.ts";
import type { OperationRepository } from "../ports/repositories.ts";
import { uncertainError } from "./attempts.ts";
import { awaitEarlier, carryOut } from "./carry-out.ts";
import type { GuestPlace } from "./guest-order.ts";
import { failureNote, OperationRecord } from "./operation-record.ts";
import type { OperationOutcome, OperationTask } from "./operation-request.ts";
import { changesGuest, commandOf, mayAskAgain } from "./operation-rule.ts";
import { removePreparations } from "./preparations.ts";
import { translateFault } from "./translate-fault.ts";

export interface OperationCourseOptions {
  readonly connector: HostConnector;
  readonly operations: OperationRepository;
  readonly crypto: PasswordCrypto;
  readonly clock: Clock;
  readonly now: () => Date;
  readonly operation: Operation;
  /** Whether it began in an earlier process. */
  readonly isRecovered: boolean;
  readonly timeoutMs: number | undefined;
  readonly signal: CancelSignal;
  /** What is to be done, anew for each attempt: a secret is wiped by the attempt that used it. */
  readonly openTask: () => OperationTask;
  /** Its place among those that change the guest. */
  readonly place?: GuestPlace | undefined;
  /** The guest's domid at this moment. */
  readonly locate: () => Promise<number>;
  /** Whether the process ends; then the operation is left for the next start. */
  readonly isClosing: () => boolean;
}

// Faults of the host side, which may be over in a moment. A guest's answer is never among them.
const passingCodes: ReadonlySet<HostErrorCode> = new Set(["XENSTORE_FAILED", "DATABASE_FAILED"]);

// After these nobody can tell whether a request that was sent reached the guest.
const lossCodes: ReadonlySet<HostErrorCode> = new Set(["XENSTORE_FAILED", "NO_SUCH_DOMAIN", "SEAL_BROKEN"]);

// These are true of one attempt, and say nothing of those before it.
const attemptCodes: ReadonlySet<HostErrorCode> = new Set([
  "GUEST_REFUSED",
  "GUEST_NO_DATA",
  "GUEST_BUSY",
  "GUEST_UNSUPPORTED",
]);

/** One operation from where the ledger has it to its end. */
export class OperationCourse {
  readonly #options: OperationCourseOptions;
  readonly #record: OperationRecord;
  #hasMoved = false;
  /** Known when the task is open. */
  #isRepeatable = false;

  constructor(options: OperationCourseOptions) {
    const { operation, operations, now, isRecovered } = options;
    this.#options = options;
    this.#record = new OperationRecord({ operation, operations, now, isRecovered });
  }

  async run(): Promise<OperationOutcome> {
    try {
      this.#assertOpenAnswer();
      await this.#options.place?.wait(this.#options.signal);
      await this.#tryAgainAndAgain();
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      // What fails behind an answer that the ledger has does not undo it.
      if (this.#record.answer === undefined) throw await this.#end(error);
    }
    return this.#outcome();
  }

  async #tryAgainAndAgain(): Promise<void> {
    for (let delayMs = OPERATION_RETRY_FIRST_MS; ; delayMs = Math.min(2 * delayMs, OPERATION_RETRY_MAX_MS)) {
      try {
        return await this.#try();
      } catch (caught) {
        const { kind, instanceId } = this.#options.operation;
        const error = translateFault(caught, `during "${kind}" for instance ${instanceId}`);
        if (!this.#mayPass(error) || this.#record.leftMs === 0) throw error;
        await this.#pause(Math.min(delayMs, this.#record.leftMs));
      }
    }
  }

  async #try(): Promise<void> {
    const { connector, operation, crypto } = this.#options;
    const task = this.#openTask();
    this.#isRepeatable = mayAskAgain(task);
    const domid = await this.#options.locate();
    await removePreparations(connector.xenstore, { ids: this.#record.preparations, domid });
    if (this.#record.wasSent) {
      const call = { ...this.#call(domid), timeoutMs: this.#leftMs };
      const isAnswered = await awaitEarlier(connector, { task, call, id: operation.id });
      if (isAnswered && this.#record.answer !== undefined) return;
    }
    if (this.#options.isRecovered && this.#record.leftMs === 0) throw tooLateError(operation, domid);
    const call = { ...this.#call(domid), timeoutMs: this.#timeoutMs(task) };
    await carryOut(connector, { task, call, crypto });
  }

  #openTask(): OperationTask {
    try {
      return this.#options.openTask();
    } catch (error) {
      const { kind } = this.#options.operation;
      // The answer can be awaited all the same; nothing of this is written.
      if (!this.#record.wasSent) throw error;
      return { kind: "send", request: { name: kind, value: "" } };
    }
  }

  #call(domid: number): GuestCall {
    const { operation, signal } = this.#options;
    const onProgress: GuestCall["onProgress"] = ({ stage }) => {
      if (stage === "away") this.#hasMoved = true;
    };
    return { domid, uuid: operation.instanceId, signal, onProgress, record: this.#record };
  }

  /** Of each request; what is tried again has no more than what is left. */
  #timeoutMs(task: OperationTask): number | undefined {
    const { timeoutMs } = this.#options;
    if (!this.#options.isRecovered && !this.#record.wasSent) return timeoutMs;
    const ownMs = task.kind === "version" ? Infinity : commandRule(commandOf(task)).timeoutMs;
    return Math.min(timeoutMs ?? ownMs, this.#leftMs);
  }

  /** At least so long that it is looked once. */
  get #leftMs(): number {
    return Math.max(1, this.#record.leftMs);
  }

  #mayPass(error: unknown): boolean {
    if (!(error instanceof HostError) || this.#options.isClosing()) return false;
    if (this.#record.answer !== undefined || this.#options.signal.aborted) return false;
    // A guest that was there before the crash may be rebooting just now.
    return passingCodes.has(error.code) || (this.#options.isRecovered && error.code === "NO_SUCH_DOMAIN");
  }

  async #pause(delayMs: number): Promise<void> {
    const { clock, signal } = this.#options;
    if (signal.aborted) return;
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        stop();
        signal.removeEventListener("abort", wake);
        resolve();
      };
      const stop = clock.after(delayMs, wake);
      signal.addEventListener("abort", wake);
    });
  }

  /**
   * A refusal may be in the ledger already, of a password that might have been tried once more. One
   * without a key is: nobody knows whether the agent had set it.
   */
  #assertOpenAnswer(): void {
    const { returncode, message, kind } = this.#options.operation;
    const refusal = { domid: 0, command: kind, returncode: returncode ?? "", message: message ?? "" };
    if (returncode === null || tellsOfLostKey(refusal.message)) return;
    throw refusedError(refusal);
  }

  /** Notes the end, and returns the error that tells it. */
  async #end(cause: HostError): Promise<HostError> {
    if (this.#options.isClosing()) {
      const isLeft = cause.code === "CANCELLED" && cause.facts.wasTaken === false && !this.#hasMoved;
      // An agent that removes a request with its answer may have begun what was withdrawn.
      const isWithdrawn = isLeft && this.#isRepeatable;
      const text = "Withdrawn, because the service ends. It waits for the next start";
      if (isWithdrawn && this.#record.wasSent) await this.#record.note({ state: "queued", text });
      return cause;
    }
    const error = this.#isUncertain(cause) ? uncertainError(cause) : cause;
    // The database may be as broken as before: then the next start finds it unfinished.
    await this.#record.note(failureNote(error));
    return error;
  }

  #isUncertain({ code }: HostError): boolean {
    const { wasSent, mayBeDone } = this.#record;
    const isChange = mayBeDone && changesGuest(this.#options.operation.kind);
    // What was withdrawn at the end of an earlier process may have been begun before.
    return lossCodes.has(code) ? wasSent || isChange : isChange && attemptCodes.has(code);
  }

  #outcome(): OperationOutcome {
    const { answer, isDone } = this.#record;
    const { id: operationId, kind } = this.#options.operation;
    if (answer === undefined) throw new Error(`Operation ${operationId} ended without an answer`);
    if (answer instanceof HostError) throw answer;
    return { ...answer, operationId, kind, isDone };
  }
}

function tooLateError({ kind, attempts }: Operation, domid: number): HostError {
  const what = attempts === 0 ? "was sent to" : "was answered by";
  const text = `Before "${kind}" ${what} domain ${domid}, the host side ended, and its time is over. Ask again`;
  return new HostError("GUEST_TIMEOUT", text, { domid, command: kind });
}
