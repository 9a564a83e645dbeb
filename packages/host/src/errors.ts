/**
 * What callers may rely on.
 *
 * - `NO_SUCH_DOMAIN`, `AMBIGUOUS_NAME`: the guest asked for cannot be told.
 * - `GUEST_NO_DATA`: the domain has no `data` node, so its agent could not answer.
 * - `GUEST_TIMEOUT`: no answer within the limit; the request is withdrawn.
 * - `GUEST_GONE`: the domain ended, and its guest did not come back under another domid in time.
 * - `OUTCOME_UNKNOWN`: the guest got a new domid (a reboot, a restore, a migration) and did not answer
 *   there a command that may not be repeated by itself; it may have carried it out.
 * - `GUEST_REFUSED`: the agent answered that it could not do it.
 * - `GUEST_BAD_REPLY`: the agent answered something that is not the protocol.
 * - `GUEST_UNSUPPORTED`: the agent does not offer what was asked.
 * - `GUEST_BUSY`: too many callers wait for this guest.
 * - `TOO_LARGE`: the message does not fit into XenStore.
 * - `BAD_ARGUMENT`: what was asked makes no sense, and nothing was sent.
 * - `CANCELLED`: the caller gave up; the request is withdrawn.
 * - `XENSTORE_FAILED`: XenStore itself failed; `cause` is its error.
 * - `NO_SUCH_INSTANCE`, `NO_SUCH_PORT`: it is not there, or belongs to another project.
 * - `WRONG_STATE`: the instance is in a state or a task in which this cannot be done; nothing was done.
 * - `ADDRESS_TAKEN`: an address is in use in its network.
 * - `NO_ADDRESS_LEFT`: every address of the network is in use.
 * - `ALREADY_EXISTS`: there is one of this id or name.
 * - `TOOLSTACK_FAILED`: the toolstack could not do it; the message has its words.
 * - `DATABASE_BUSY`: another process has the database's directory.
 * - `SEAL_BROKEN`: what was sealed was sealed with another key, was changed, or is gone.
 * - `DATABASE_NOT_EMPTY`: a backup can be restored into an empty database alone.
 * - `BACKUP_UNUSABLE`: a file is no backup, is one of another version, was cut or changed, or cannot be written.
 * - `DATABASE_FAILED`: the database itself failed; `cause` is its error.
 */
export type HostErrorCode =
  | "NO_SUCH_DOMAIN"
  | "AMBIGUOUS_NAME"
  | "GUEST_NO_DATA"
  | "GUEST_TIMEOUT"
  | "GUEST_GONE"
  | "OUTCOME_UNKNOWN"
  | "GUEST_REFUSED"
  | "GUEST_BAD_REPLY"
  | "GUEST_UNSUPPORTED"
  | "GUEST_BUSY"
  | "TOO_LARGE"
  | "BAD_ARGUMENT"
  | "CANCELLED"
  | "XENSTORE_FAILED"
  | "NO_SUCH_INSTANCE"
  | "NO_SUCH_PORT"
  | "WRONG_STATE"
  | "ADDRESS_TAKEN"
  | "NO_ADDRESS_LEFT"
  | "ALREADY_EXISTS"
  | "TOOLSTACK_FAILED"
  | "DATABASE_BUSY"
  | "SEAL_BROKEN"
  | "DATABASE_NOT_EMPTY"
  | "BACKUP_UNUSABLE"
  | "DATABASE_FAILED";

/** Facts that go with an error, for callers that act on them. */
export interface HostErrorFacts {
  readonly domid?: number;
  /** Name of the command in the request. */
  readonly command?: string;
  /** The guest's return code, of `GUEST_REFUSED`. */
  readonly returncode?: string;
  /** Whether the guest was seen to have removed the request: it may still act on it. */
  readonly wasTaken?: boolean;
  /** Where the guest is or was last, when that is not `domid` any more. */
  readonly newDomid?: number;
  /** How long the guest's return was awaited, of `GUEST_GONE`. */
  readonly awayMs?: number;
  readonly cause?: unknown;
}

/** The one error of this package. `code` is API, the message is not, and neither ever holds a secret. */
export class HostError extends Error {
  override readonly name = "HostError";
  readonly code: HostErrorCode;
  readonly facts: HostErrorFacts;

  constructor(code: HostErrorCode, message: string, facts: HostErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = code;
    this.facts = facts;
  }
}
