export * from "./errors.ts";
export { EXIT_CODE_HELP, ExitCode, exitCodeOf } from "./exit-code.ts";
export { runGuestctl } from "./run.ts";
export type { Terminal } from "./terminal/terminal.ts";
