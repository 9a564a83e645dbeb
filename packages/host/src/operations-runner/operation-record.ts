import { HostError } from "../errors.ts";
import type { ExchangeRecord, RecordedRequest } from "../exchange-record.ts";
import { isFinished, type Operation } from "../ledger/operation.ts";
import { isSuccess } from "../model/command-rule.ts";
import { refusedError } from "../model/exchange-errors.ts";
import type { GuestReply } from "../model/reply.ts";
import type { OperationNote, OperationRepository } from "../ports/repositories.ts";
import { isPreparation } from "./operation-rule.ts";
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
  }

  /** The answer that ended the operation, or the error that it means, once the ledger has it. */
  get answer(): GuestReply | HostError | undefined {
    return isFinished({ state: this.#state }) ? this.#answer : undefined;
  }

  /** Whether the request that matters may have reached the guest. */
  get wasSent(): boolean {
    return this.#state !== "queued";
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
    const again = attempts === 1 ? "" : `, attempt ${attempts}`;
    const text = `Sending "${command}" to domain ${domid}${again}`;
    await this.note({ state: "sent", text, attempts, ...this.#begin() });
    this.#attempts = attempts;
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
    const refusal = refusedError({ ...request, ...answer });
    // A guest that moved may have lost the key; then it is given the pair once more.
    const note = kind === "password" ? stillOpen(refusal) : failureNote(refusal);
    await this.#noteAnswer(kind === "send" ? answer : refusal, { ...note, returncode, message });
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

  async #noteAnswer(answer: GuestReply | HostError, note: OperationNote): Promise<void> {
    this.#answer = answer;
    await this.note(note);
  }
}

function stillOpen({ message }: HostError): OperationNote {
  return { state: "taken", text: message };
}

/** The end of an operation without success. */
export function failureNote({ code, message }: HostError): OperationNote {
  const state = code === "GUEST_TIMEOUT" ? "timedOut" : "failed";
  return { state, text: message, error: { code, message } };
}
