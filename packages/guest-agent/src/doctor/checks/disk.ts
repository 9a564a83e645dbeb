import type { DiskFacts } from "../facts.ts";
import { type Check, type Found, orOk, problem, warning } from "../finding.ts";
import { DISK_FULL_BYTES, DISK_LOW_BYTES } from "../limits.ts";

const MEBIBYTE = 1024 * 1024;

/** Whether there is room for what the agent writes. */
export const disk: Check = {
  name: "disk",
  look: ({ disks }) => orOk(disks.flatMap(look), "There is room"),
};

function look({ path, freeBytes, sizeBytes }: DiskFacts): Found[] {
  if (freeBytes >= DISK_LOW_BYTES) return [];
  const what = `${path} has ${Math.floor(freeBytes / MEBIBYTE)} of ${Math.floor(sizeBytes / MEBIBYTE)} MiB free`;
  const fix = `du -xh ${path} | sort -h | tail -20`;
  return [freeBytes < DISK_FULL_BYTES ? problem(what, fix) : warning(what, fix)];
}
