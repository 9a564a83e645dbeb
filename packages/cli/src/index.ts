export * from "./errors.ts";
export { EXIT_CODE_HELP, ExitCode, exitCodeOf } from "./exit-code.ts";
export type { ProgramHost } from "./program-host.ts";
export { runGuestctl } from "./run.ts";
export type { Input, InputListener, Terminal } from "./terminal/terminal.ts";
