const US_PER_MS = 1000;

/**
 * The time within which the service manager wants to hear from the service, by its `WATCHDOG_USEC`
 * (sd_watchdog_enabled(3)); undefined when it does not.
 */
export function parseWatchdogMs(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,15}$/.test(text)) return undefined;
  const watchdogMs = Number(text) / US_PER_MS;
  return watchdogMs > 0 ? watchdogMs : undefined;
}
