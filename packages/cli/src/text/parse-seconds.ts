import { TIMEOUT_MAX_MS } from "@nova-agent/host";
import { CliError } from "../errors.ts";

/** Milliseconds of a text such as `30` or `0.5`; anything but a wait of up to a day is wrong usage. */
export function parseSeconds(text: string): number {
  const milliseconds = /^\d+(\.\d+)?$/.test(text) ? Math.round(Number(text) * 1000) : 0;
  if (milliseconds > 0 && milliseconds <= TIMEOUT_MAX_MS) return milliseconds;
  const most = TIMEOUT_MAX_MS / 1000;
  throw new CliError("USAGE", `It is a number of seconds, more than 0 and at most ${most}`);
}

/** A whole number of 1 or more, of at most nine digits; anything else is wrong usage. */
export function parseCount(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new CliError("USAGE", "It is a whole number of 1 or more");
}
