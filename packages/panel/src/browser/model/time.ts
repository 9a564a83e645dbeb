const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How long ago, in short words; what lies ahead by a clock that differs is now. */
export function formatAgo(date: Date, now: Date): string {
  const agoMs = now.getTime() - date.getTime();
  if (agoMs < 5 * SECOND_MS) return "just now";
  if (agoMs < MINUTE_MS) return `${Math.floor(agoMs / SECOND_MS)} s ago`;
  if (agoMs < HOUR_MS) return `${Math.floor(agoMs / MINUTE_MS)} min ago`;
  if (agoMs < DAY_MS) return `${Math.floor(agoMs / HOUR_MS)} h ago`;
  return `${Math.floor(agoMs / DAY_MS)} d ago`;
}

/** How long, to two figures that matter. */
export function formatDuration(durationMs: number): string {
  const wholeMs = Math.max(0, Math.round(durationMs));
  if (wholeMs < SECOND_MS) return `${wholeMs} ms`;
  const tenths = (wholeMs / SECOND_MS).toFixed(1);
  if (wholeMs < 10 * SECOND_MS && tenths !== "10.0") return `${tenths} s`;
  const seconds = Math.round(wholeMs / SECOND_MS);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Between two times as the service writes them. */
export function durationBetween(from: string, to: string): number {
  return new Date(to).getTime() - new Date(from).getTime();
}

const TIME_IN_TEXT = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/gu;

/** A text of the service with the times in it as this reader writes them. */
export function withLocalTimes(text: string): string {
  return text.replaceAll(TIME_IN_TEXT, (time) => new Date(time).toLocaleString());
}
