import * as os from "native:os";

/** The program that runs, also when its file was replaced meanwhile. */
export const SELF = "/proc/self/exe";

/** The name that ps(1) shows. */
export const PROGRAM_NAME = "nova-agent";

/** What a worker is started with, before the number of its service; what it needs stands in its standard input. */
export const WORKER_ARGUMENT = "worker";

/** Variable that makes the program the service, with what it needs. */
export const SERVICE_VARIABLE = "NOVA_AGENT_SERVICE";

/** The same for the daemon that reports on the guest. */
export const REPORT_VARIABLE = "NOVA_AGENT_REPORT";

const inheritedNames = [
  "PATH",
  "XENSTORED_PATH",
  "XENSTORED_RUNDIR",
  "NOTIFY_SOCKET",
  "WATCHDOG_USEC",
  "RUNTIME_DIRECTORY",
] as const;

/** The part of the environment that the service and its workers get. */
export function inheritedEnvironment(): string[] {
  return inheritedNames.flatMap((name) => {
    const value = os.environment(name);
    return value === undefined ? [] : [`${name}=${value}`];
  });
}
