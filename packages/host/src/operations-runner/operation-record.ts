import { HostError } from "../errors.ts";
import type { ExchangeRecord, RecordedRequest } from "../exchange-record.ts";
import { isFinished, type Operation } from "../ledger/operation.ts";
import { isSuccess } from "../model/command-rule.ts";
import { refusedError } from "../model/exchange-errors.ts";
import type { GuestReply } from "../model/reply.ts";
import type { OperationNote, OperationRepository } from "../ports/repositories.ts";
import { tellsOfLostKey } from "../model/lost-key.ts";
import { attemptText, tellsOfUnanswered, uncertainError } from "./attempts.ts";
import { changesGuest, isPreparation } from "./operation-rule.ts";
import { preparationIds, preparationText } from "./preparations.ts";

export interface OperationRecordOptions {
  readonly operation: Operation;
  readonly operations: OperationRepository;
  readonly now: () => Date;
  /** Whether it began in an earlier process; then its deadline stands. */
  readonly isRecovered: boolean;
}

/** Writes what happens to one operation into the ledger, each thing before it is done. */
export class OperationRecord implements ExchangeRecord {
  readonly #operation: Operation;
  readonly #operations: OperationRepository;
  readonly #now: () => Date;
  readonly #preparations: string[];
  #state: Operation["state"];
  #attempts: number;
  #deadlineAt: Date;
  #hasBegun: boolean;
  /** Whether the last attempt was neither answered nor refused for certain. */
  #isUnanswered: boolean;
  /** Whether that holds of an attempt before the last one. */
  #wasUnanswered: boolean;
  #answer: GuestReply | HostError | undefined;

  constructor({ operation, operations, now, isRecovered }: OperationRecordOptions) {
    this.#operation = operation;
    this.#operations = operations;
    this.#now = now;
    this.#preparations = preparationIds(operation.timeline);
    this.#state = operation.state;
    this.#attempts = operation.attempts;
    this.#deadlineAt = operation.deadlineAt;
    this.#hasBegun = isRecovered;
    this.#isUnanswered = operation.attempts > 0 && !hasCertainAnswer(operation);
    this.#wasUnanswered = tellsOfUnanswered(operation.timeline);
  }

  /** The answer that ended the operation, or the error that it means, once the ledger has it. */
  get answer(): GuestReply | HostError | undefined {
    return isFinished({ state: this.#state }) ? this.#answer : undefined;
  }

  /** Whether the request that matters may have reached the guest. */
  get wasSent(): boolean {
    return this.#state !== "queued";
  }

  /** Whether the guest may have done what it did not say that it has done. */
  get mayBeDone(): boolean {
    return this.#isUnanswered || this.#wasUnanswered;
  }

  /** Whether the guest did it. */
  get isDone(): boolean {
    return this.#state === "done";
  }

  /** The ids of its requests that only prepared the one that matters. */
  get preparations(): readonly string[] {
    return this.#preparations;
  }

  /** How much of its time is left, in milliseconds. */
  get leftMs(): number {
    return Math.max(0, this.#deadlineAt.getTime() - this.#now().getTime());
  }

  idFor(command: string): string | undefined {
    return isPreparation(this.#operation.kind, command) ? undefined : this.#operation.id;
  }

  async beforeSend({ id, command, domid }: RecordedRequest): Promise<void> {
    if (id !== this.#operation.id) {
      const text = preparationText({ command, domid, id });
      await this.note({ state: this.#state, text, ...this.#begin() });
      this.#preparations.push(id);
      return;
    }
    const attempts = this.#attempts + 1;
    const wasUnanswered = this.mayBeDone;
    const text = attemptText({ command, domid, attempts, wasUnanswered });
    // What an attempt before was answered is not the answer to this one.
    const open = { returncode: null, message: null };
    await this.note({ state: "sent", text, attempts, ...open, ...this.#begin() });
    this.#attempts = attempts;
    this.#isUnanswered = true;
    this.#wasUnanswered = wasUnanswered;
  }

  async taken({ id, command, domid }: RecordedRequest): Promise<void> {
    if (id !== this.#operation.id) return;
    await this.note({ state: "taken", text: `Domain ${domid} has taken "${command}"` });
  }

  async beforeRemoval(request: RecordedRequest, answer: GuestReply | HostError): Promise<void> {
    if (request.id !== this.#operation.id) return;
    if (answer instanceof HostError) return this.#noteAnswer(answer, failureNote(answer));
    const { returncode, message } = answer;
    const { kind } = this.#operation;
    if (isSuccess(request.command, answer)) {
      // The agent did not say what it was asked for, and is asked again.
      if (kind === "version" && message === "") return;
      const text = `Domain ${request.domid} answered`;
      return this.#noteAnswer(answer, { state: "done", text, returncode, message });
    }
    const refusal = this.#judge(refusedError({ ...request, ...answer }), request.command);
    // A guest that moved may have lost the key; then it is given the pair once more.
    const note = kind === "password" ? stillOpen(refusal) : failureNote(refusal);
    const isSaid = kind === "send" && refusal.code === "GUEST_REFUSED";
    await this.#noteAnswer(isSaid ? answer : refusal, { ...note, returncode, message });
    this.#isUnanswered = !hasCertainAnswer(answer);
  }

  async note(note: OperationNote): Promise<void> {
    await this.#operations.note(this.#operation.id, note);
    this.#state = note.state;
    this.#deadlineAt = note.deadlineAt ?? this.#deadlineAt;
  }

  /** The time counts from the first request: before it there may have been a queue. */
  #begin(): Pick<OperationNote, "deadlineAt"> {
    if (this.#hasBegun) return {};
    this.#hasBegun = true;
    const { createdAt, deadlineAt } = this.#operation;
    const timeoutMs = deadlineAt.getTime() - createdAt.getTime();
    return { deadlineAt: new Date(this.#now().getTime() + timeoutMs) };
  }

  /** A refusal tells of one attempt alone. */
  #judge(refusal: HostError, command: string): HostError {
    const isUncertain = this.#operation.kind !== "password" && this.#wasUnanswered && changesGuest(command);
    return isUncertain ? uncertainError(refusal) : refusal;
  }

  async #noteAnswer(answer: GuestReply | HostError, note: OperationNote): Promise<void> {
    this.#answer = answer;
    await this.note(note);
  }
}

/** Without a key an agent refuses what it may have done: before it was started anew. */
function hasCertainAnswer({ returncode, message }: Pick<Operation, "returncode" | "message">): boolean {
  return returncode !== null && !tellsOfLostKey(message ?? "");
}

function stillOpen({ message }: HostError): OperationNote {
  return { state: "taken", text: message };
}

/** The end of an operation without success. */
export function failureNote({ code, message }: HostError): OperationNote {
  const state = code === "GUEST_TIMEOUT" ? "timedOut" : "failed";
  return { state, text: message, error: { code, message } };
}
