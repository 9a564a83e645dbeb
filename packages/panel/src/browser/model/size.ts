const UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"] as const;

/** An amount of bytes, to three figures that matter. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), UNITS.length - 1);
  const amount = bytes / 1024 ** power;
  const digits = power === 0 || amount >= 100 ? 0 : amount >= 10 ? 1 : 2;
  // Without zeros that say nothing, as in 1.00.
  return `${Number(amount.toFixed(digits))} ${UNITS[power] ?? ""}`;
}

/** How much of something is used. */
export interface Usage {
  /** From 0 to 1. */
  readonly share: number;
  readonly words: string;
  /** Whether hardly any is left: less than a tenth. */
  readonly isNearlyFull: boolean;
}

/** Undefined for what makes no sense, such as more that is free than there is. */
export function usageOf(totalBytes: number | null, freeBytes: number | null): Usage | undefined {
  if (totalBytes === null || freeBytes === null) return undefined;
  if (totalBytes <= 0 || freeBytes < 0 || freeBytes > totalBytes) return undefined;
  const used = totalBytes - freeBytes;
  const share = used / totalBytes;
  const words = `${formatBytes(used)} of ${formatBytes(totalBytes)} used (${Math.round(100 * share)} %)`;
  return { share, words, isNearlyFull: share > 0.9 };
}
