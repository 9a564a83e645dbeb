/** What the service tells of itself, for `nova-agent status`. No value of a request, no answer's text. */
export interface ServiceStatus {
  readonly version: string;
  readonly pid: number;
  /** When the process was started, in the kernel's ticks since the boot (proc(5), `/proc/PID/stat`). */
  readonly startTicks: number;
  /** Seconds since 1970. */
  readonly startedAt: number;
  /** Requests that were served since, the latest last. */
  readonly requests: readonly ServedRequest[];
  /** A request that takes long at the moment. */
  readonly inHand?: { readonly id: string; readonly name: string; readonly since: number };
}

/** One request that was served. */
export interface ServedRequest {
  readonly id: string;
  /** The command; empty when it was no request. */
  readonly name: string;
  readonly returncode: string;
  readonly durationMs: number;
  /** Seconds since 1970. */
  readonly at: number;
}
