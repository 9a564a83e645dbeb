/** A time in whole seconds, as of `created` (nova api-ref, servers): `2026-11-22T21:58:09Z`. */
export function viewTime(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}

/** A time in microseconds without a zone, which is UTC, as of `start_time` (nova api-ref, os-instance-actions). */
export function viewPreciseTime(time: Date): string {
  return `${time.toISOString().slice(0, 23)}000`;
}
