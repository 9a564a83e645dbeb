import type { CancelSignal } from "../cancel-signal.ts";
import type { FileToInject } from "../model/file-injection.ts";
import type { GuestFinding } from "../model/guest-finding.ts";
import type { GuestReply } from "../model/reply.ts";
import type { GuestRequest, JsonValue } from "../model/request.ts";
import type { Secret } from "../secret.ts";
import type { Requester } from "./requester.ts";

/** One operation for one instance. */
export interface InstanceCall {
  readonly instanceId: string;
  readonly requester: Requester;
  /** In place of the command's own limit. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: CancelSignal | undefined;
}

/**
 * What can be asked of the guest of an instance, each call one operation of the ledger. All throw
 * HostError: what the exchange throws, such as GUEST_TIMEOUT, and GUEST_REFUSED for an answer that says no.
 */
export interface GuestOperations {
  /** The version of the agent. Asked until it answers or the time is over: the guest may be booting. */
  version(call: InstanceCall): Promise<string>;
  /** Sets the password of root or the Administrator. The secret is wiped when it ends. */
  password(call: InstanceCall, password: Secret): Promise<void>;
  injectFile(call: InstanceCall, file: FileToInject): Promise<void>;
  /** Returns what the guest says of it, such as the cards that it left out because it has none; often nothing. */
  resetNetwork(call: InstanceCall): Promise<string>;
  /** The commands that the agent offers. */
  features(call: InstanceCall): Promise<readonly string[]>;
  /**
   * What the doctor of the guest's agent finds, the worst first, in the guest's own words. Throws
   * GUEST_UNSUPPORTED when the agent has none, and GUEST_BAD_REPLY when it answers something else.
   */
  doctor(call: InstanceCall): Promise<readonly GuestFinding[]>;
  /** Registers or activates the guest's system. What is in the value is kept sealed. */
  kmsactivate(call: InstanceCall, value: JsonValue): Promise<void>;
  /** Ends what is unfinished for an instance, for good: an earlier process of the service may have left it. */
  giveUp(instanceId: string): Promise<void>;
  /** The reply, also one that says no. What is in the request is kept sealed. */
  send(call: InstanceCall, request: GuestRequest): Promise<GuestReply>;
}
