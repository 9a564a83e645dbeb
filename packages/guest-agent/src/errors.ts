/**
 * `AGENT_*` codes say what was wrong with a request or a setting, errno names what the operating
 * system refused.
 */
export type AgentErrorCode =
  | "AGENT_BAD_REQUEST"
  | "AGENT_NO_COMMAND"
  | "AGENT_BAD_PAYLOAD"
  | "AGENT_BAD_SETTING"
  | "AGENT_UNSUPPORTED"
  | "AGENT_STEP_FAILED";

/** Something asked of the agent that it cannot do. The message goes to the host: never a secret in it. */
export class AgentError extends Error {
  override readonly name: string = "AgentError";
  readonly code: string;

  constructor(code: AgentErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** What the operating system refused; `code` is the errno's name, such as ENOSPC. */
export class SystemError extends Error {
  override readonly name: string = "SystemError";
  readonly code: string;

  constructor(code: string, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
