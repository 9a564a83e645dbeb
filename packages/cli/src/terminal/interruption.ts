/** A stop asked for by Ctrl-C or `kill`. */
export interface Interruption {
  /** Aborted at the first signal. */
  readonly signal: AbortSignal;
  /** The exit code that a shell expects after the signal that came, or undefined when none did. */
  exitCode(): number | undefined;
  /** Listens no longer. */
  close(): void;
}

const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Turns the first signal into an abort, so that a request can be withdrawn; the second ends the process. */
export function listenForInterruption(): Interruption {
  const controller = new AbortController();
  let exitCode: number | undefined;
  const stop = (name: NodeJS.Signals): void => {
    const code = name in exitCodes ? exitCodes[name as keyof typeof exitCodes] : 1;
    if (exitCode !== undefined) process.exit(code);
    exitCode = code;
    controller.abort();
  };
  const names = Object.keys(exitCodes) as (keyof typeof exitCodes)[];
  for (const name of names) process.on(name, stop);
  return {
    signal: controller.signal,
    exitCode: () => exitCode,
    close: () => {
      for (const name of names) process.off(name, stop);
    },
  };
}
