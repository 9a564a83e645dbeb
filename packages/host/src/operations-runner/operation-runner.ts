import type { Clock } from "@nova-agent/xenstore";
import type { PasswordCrypto } from "../crypto/password-crypto.ts";
import { listDomains } from "../domains.ts";
import { HostError } from "../errors.ts";
import type { HostConnector } from "../host-connector.ts";
import type { Operation } from "../ledger/operation.ts";
import { OPERATIONS_RECOVERED_MAX } from "../limits.ts";
import type { OperationRepository } from "../ports/repositories.ts";
import type { Sealer } from "../ports/sealer.ts";
import { Cancellation } from "./cancellation.ts";
import { GuestLocator } from "./guest-locator.ts";
import { GuestOrder, type GuestPlace } from "./guest-order.ts";
import { collectLateReplies } from "./late-replies.ts";
import { OperationCourse } from "./operation-course.ts";
import { failureNote } from "./operation-record.ts";
import type { EndedOperation, OperationObserver } from "./operation-observer.ts";
import type { OperationOutcome, OperationRequest } from "./operation-request.ts";
import { changesGuest, operationTimeoutMs } from "./operation-rule.ts";
import { decodeTask, encodeTask } from "./sealed-task.ts";
import { translateFault } from "./translate-fault.ts";

export interface OperationRunnerOptions {
  readonly connector: HostConnector;
  readonly operations: OperationRepository;
  readonly sealer: Sealer;
  /** For the password's way to the guest. */
  readonly crypto: PasswordCrypto;
  readonly clock: Clock;
  readonly now: () => Date;
  /** A new GUID at every call. */
  readonly newId: () => string;
  readonly observer?: OperationObserver | undefined;
}

/**
 * Carries operations out, each step noted in the ledger before it is done: whoever starts anew on the same
 * ledger finds each again in XenStore by its id, and forgets nothing and repeats nothing unsaid. One
 * operation at a time for a guest, as many guests as there are. One process at a time owns a ledger.
 */
export class OperationRunner {
  readonly #options: OperationRunnerOptions;
  readonly #locator: GuestLocator;
  /** By the operation's id. */
  readonly #underWay = new Map<
    string,
    { readonly cancellation: Cancellation; readonly running: Promise<unknown> }
  >();
  /** What `recover` may have found in the ledger, and shall not begin. */
  readonly #givenUp = new Set<string>();
  /** Guests that may still answer what nobody waits for. */
  readonly #unanswered = new Set<string>();
  /** What this process has begun, for as long as `recover` may find it in the ledger. */
  readonly #begun = new Set<string>();
  readonly #order = new GuestOrder();
  /** Until the ledger has told which guests have something to be recovered. */
  #listing: Promise<unknown> = Promise.resolve();
  #hasRecovered = false;
  #isClosed = false;

  constructor(options: OperationRunnerOptions) {
    this.#options = options;
    this.#locator = new GuestLocator(options.connector.xenstore);
  }

  /**
   * Resolves with the guest's answer when the operation is done. Throws what `HostErrorCode` lists; then
   * the operation has failed or timed out. After DATABASE_FAILED it waits in the ledger for `recover`.
   */
  async run(request: OperationRequest): Promise<OperationOutcome> {
    try {
      await this.#listing;
      this.#assertOpen();
      const operation = this.#operationOf(request);
      const sealed = this.#seal(request);
      if (!this.#hasRecovered) this.#begun.add(operation.id);
      const place = changesGuest(request.kind) ? this.#order.enter(request.instanceId) : undefined;
      try {
        await this.#options.operations.insert(operation, sealed);
        return await this.#follow(operation, { sealed, request, place });
      } finally {
        place?.leave();
      }
    } finally {
      if (request.kind === "password") request.password.wipe();
    }
  }

  /**
   * Carries on with everything that the ledger has and that is not finished, and resolves when all of it
   * is. What fails is told by the ledger alone. To be called once, before the first `run`, which need not
   * wait for it. Throws XENSTORE_FAILED when all is carried on with, and late answers could not be looked for.
   */
  async recover(): Promise<void> {
    const reserving = this.#reservePlaces();
    this.#listing = reserving.catch(() => undefined);
    const places = await reserving;
    const isCollected = await this.#tryCollectLate();
    try {
      await this.#recoverUnfinished(places);
    } finally {
      for (const place of places.values()) place.leave();
    }
    this.#hasRecovered = true;
    this.#begun.clear();
    this.#givenUp.clear();
    if (!isCollected) await this.collectLate();
  }

  /** Whatever is begun from now on comes behind what an earlier process left. */
  async #reservePlaces(): Promise<ReadonlyMap<string, GuestPlace>> {
    const listed = await this.#options.operations.list({ isFinished: false });
    const changed = listed.filter(({ kind }) => changesGuest(kind)).map(({ instanceId }) => instanceId);
    return new Map([...new Set(changed)].map((id) => [id, this.#order.enter(id)]));
  }

  /** False when it failed: no operation shall be forgotten because of that. */
  async #tryCollectLate(): Promise<boolean> {
    try {
      await this.collectLate();
      return true;
    } catch (error) {
      if (error instanceof HostError) return false;
      throw error;
    }
  }

  async #recoverUnfinished(places: ReadonlyMap<string, GuestPlace>): Promise<void> {
    const seen = this.#begun;
    while (seen.size < OPERATIONS_RECOVERED_MAX) {
      const listed = await this.#options.operations.list({ isFinished: false });
      const found = listed.filter(({ id }) => !seen.has(id));
      if (found.length === 0 || this.#isClosed) break;
      for (const { id } of found) seen.add(id);
      await Promise.all(
        byGuest(found).map(async (operations) => {
          await this.#recoverGuest(operations);
          for (const { instanceId } of operations) places.get(instanceId)?.leave();
        }),
      );
    }
  }

  /** Notes the answers that came after the time was over, of every guest, and removes them from XenStore. */
  async collectLate(): Promise<void> {
    try {
      for (const { domid, uuid } of await listDomains(this.#options.connector.xenstore)) {
        if (uuid !== undefined) await this.#collectFrom(domid, uuid);
      }
    } catch (error) {
      throw translateFault(error, "while late answers were looked for");
    }
  }

  /**
   * Ends what is under way: a request that the guest has not taken is withdrawn and, if it may be asked
   * again, waits in the ledger for the next start; the others are awaited there. Safe to call twice.
   */
  async close(): Promise<void> {
    this.#isClosed = true;
    const tasks = [...this.#underWay.values()];
    for (const { cancellation } of tasks) cancellation.abort();
    await Promise.allSettled(tasks.map(({ running }) => running));
  }

  /**
   * Ends what is unfinished for an instance, such as an earlier process has left it, because nobody wants it
   * any more: what the guest has not taken is withdrawn.
   */
  async giveUp(instanceId: string): Promise<void> {
    const { operations } = this.#options;
    for (const { id, attempts } of await operations.list({ instanceId, isFinished: false })) {
      this.#givenUp.add(id);
      const task = this.#underWay.get(id);
      task?.cancellation.abort();
      await task?.running.catch(() => undefined);
      // An end that it has already stays its end.
      await operations.note(id, failureNote(givenUpError(attempts)));
    }
  }

  /** One after the other, in the order in which they were asked for. */
  async #recoverGuest(operations: readonly Operation[]): Promise<void> {
    for (const operation of operations) {
      if (this.#isClosed) return;
      await this.#recoverOne(operation);
    }
  }

  async #recoverOne(operation: Operation): Promise<void> {
    const sealed = await this.#options.operations.sealedOf(operation.id);
    if (this.#givenUp.has(operation.id)) return;
    try {
      await this.#follow(operation, { sealed });
    } catch (error) {
      // The ledger has it.
      if (!(error instanceof HostError)) throw error;
    }
  }

  async #follow(
    operation: Operation,
    {
      sealed,
      request,
      place,
    }: {
      readonly sealed: Uint8Array | undefined;
      readonly request?: OperationRequest;
      readonly place?: GuestPlace | undefined;
    },
  ): Promise<OperationOutcome> {
    const cancellation = new Cancellation(request?.signal);
    const course = new OperationCourse({
      ...this.#options,
      operation,
      place,
      isRecovered: request === undefined,
      timeoutMs: request?.timeoutMs,
      signal: cancellation,
      openTask: () => decodeTask(operation.kind, sealed && this.#options.sealer.open(sealed)),
      locate: () => this.#locate(operation),
      isClosing: () => this.#isClosed,
    });
    const { observer } = this.#options;
    const { instanceId, kind } = operation;
    observer?.began(instanceId);
    let end: EndedOperation = { kind };
    const running = course.run();
    this.#underWay.set(operation.id, { cancellation, running });
    try {
      const outcome = await running;
      end = { kind, message: outcome.message };
      return outcome;
    } catch (error) {
      this.#unanswered.add(instanceId);
      if (error instanceof HostError) end = { kind, error };
      throw error;
    } finally {
      observer?.ended(instanceId, end);
      this.#underWay.delete(operation.id);
      cancellation.release();
    }
  }

  /** Where the guest is, once it is tidied up there after earlier operations. */
  async #locate({ instanceId }: Operation): Promise<number> {
    const domid = await this.#locator.locate(instanceId);
    if (this.#unanswered.has(instanceId)) await this.#collectFrom(domid, instanceId);
    return domid;
  }

  async #collectFrom(domid: number, instanceId: string): Promise<void> {
    const { connector, operations } = this.#options;
    await collectLateReplies({ xenstore: connector.xenstore, operations, domid, instanceId });
  }

  #seal(request: OperationRequest): Uint8Array | undefined {
    const bytes = encodeTask(request);
    if (bytes === undefined) return undefined;
    try {
      return this.#options.sealer.seal(bytes);
    } finally {
      bytes.fill(0);
    }
  }

  #operationOf(request: OperationRequest): Operation {
    const { kind, instanceId, requester } = request;
    const { requestId, userId, projectId } = requester;
    const at = this.#options.now();
    return {
      id: this.#options.newId(),
      instanceId,
      kind,
      requestId,
      userId,
      projectId,
      state: "queued",
      attempts: 0,
      createdAt: at,
      updatedAt: at,
      deadlineAt: new Date(at.getTime() + operationTimeoutMs(request, request.timeoutMs)),
      timeline: [{ at, state: "queued", text: "Waits for its turn" }],
      returncode: null,
      message: null,
      error: null,
    };
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new HostError("CANCELLED", "The service ends, and begins nothing any more");
  }
}

function givenUpError(attempts: number): HostError {
  const text = "The instance boots another system, and the action that asked for this one has ended";
  if (attempts === 0) return new HostError("CANCELLED", `${text}. Nothing was sent`);
  return new HostError("OUTCOME_UNKNOWN", `${text}. Whether it was carried out is not known`);
}

/** The operations of each guest, the oldest first. */
function byGuest(newestFirst: readonly Operation[]): readonly (readonly Operation[])[] {
  const guests = new Map<string, Operation[]>();
  for (const operation of newestFirst.toReversed()) {
    const operations = guests.get(operation.instanceId) ?? [];
    operations.push(operation);
    guests.set(operation.instanceId, operations);
  }
  return [...guests.values()];
}
