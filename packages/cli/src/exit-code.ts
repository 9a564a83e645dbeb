import { HostError, type HostErrorCode } from "@nova-agent/host";
import { CliError, type CliErrorCode } from "./errors.ts";

/** The exit codes of guestctl; `--help` lists them. */
export const ExitCode = {
  done: 0,
  failed: 1,
  usage: 2,
  unreachable: 3,
  noDomain: 4,
  timeout: 5,
  impossible: 6,
  unknown: 7,
  interrupted: 130,
} as const;

/** The exit codes as `--help` shows them. */
export const EXIT_CODE_HELP = `Exit codes:
  0    done
  1    the guest or the API refused or answered nonsense, or XenStore failed
  2    wrong usage
  3    XenStore or the API cannot be reached
  4    no such domain or server, or it went away meanwhile and did not come back
  5    the guest did not answer in time
  6    not possible with this guest: too large, not supported, busy; or with this executable
  7    the guest moved or rebooted meanwhile, and whether it was done is not known
  130  interrupted; the request is withdrawn`;

const hostExitCodes: Readonly<Record<HostErrorCode, number>> = {
  NO_SUCH_DOMAIN: ExitCode.noDomain,
  AMBIGUOUS_NAME: ExitCode.noDomain,
  GUEST_GONE: ExitCode.noDomain,
  GUEST_NO_DATA: ExitCode.impossible,
  GUEST_UNSUPPORTED: ExitCode.impossible,
  GUEST_BUSY: ExitCode.impossible,
  TOO_LARGE: ExitCode.impossible,
  GUEST_TIMEOUT: ExitCode.timeout,
  OUTCOME_UNKNOWN: ExitCode.unknown,
  GUEST_REFUSED: ExitCode.failed,
  GUEST_BAD_REPLY: ExitCode.failed,
  XENSTORE_FAILED: ExitCode.failed,
  BAD_ARGUMENT: ExitCode.usage,
  CANCELLED: ExitCode.interrupted,
  NO_SUCH_INSTANCE: ExitCode.noDomain,
  NO_SUCH_PORT: ExitCode.noDomain,
  WRONG_STATE: ExitCode.impossible,
  ADDRESS_TAKEN: ExitCode.impossible,
  NO_ADDRESS_LEFT: ExitCode.impossible,
  ALREADY_EXISTS: ExitCode.impossible,
  TOOLSTACK_FAILED: ExitCode.failed,
  DATABASE_BUSY: ExitCode.failed,
  DATABASE_FAILED: ExitCode.failed,
  SEAL_BROKEN: ExitCode.failed,
  BACKUP_UNUSABLE: ExitCode.failed,
  DATABASE_NOT_EMPTY: ExitCode.failed,
};

const cliExitCodes: Readonly<Record<CliErrorCode, number>> = {
  USAGE: ExitCode.usage,
  XENSTORE_UNREACHABLE: ExitCode.unreachable,
  BAD_ARGUMENT: ExitCode.usage,
  INTERRUPTED: ExitCode.interrupted,
  NO_HTTP: ExitCode.impossible,
  API_UNREACHABLE: ExitCode.unreachable,
  API_NOT_FOUND: ExitCode.noDomain,
  API_REFUSED: ExitCode.failed,
  API_FAILED: ExitCode.failed,
  API_TIMEOUT: ExitCode.timeout,
};

/** The exit code for an error, 1 for one that nobody foresaw. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof HostError) return hostExitCodes[error.code];
  if (error instanceof CliError) return cliExitCodes[error.code];
  return ExitCode.failed;
}
