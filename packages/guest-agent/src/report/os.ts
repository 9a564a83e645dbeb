import type { Distribution } from "./distribution.ts";

/** Names below `data/`, as they stand in the file of xe-linux-distribution too. */
export type OsValues = readonly (readonly [string, string])[];

/** What is published of the operating system, in the order of xe-linux-distribution's file. */
export function osValues(distribution: Distribution, kernelRelease: string): OsValues {
  const { distro, major, minor, name } = distribution;
  const values = [
    ["os_distro", distro],
    ["os_majorver", major],
    ["os_minorver", minor],
    ["os_uname", kernelRelease],
    ["os_name", name],
  ] as const;
  return values.map(([key, value]) => [key, harmless(value)]);
}

/**
 * The file that xe-linux-distribution writes: `key="value"` lines, which a shell may read. What is empty
 * stands there as well.
 */
export function renderOsFile(values: OsValues): string {
  return values.map(([key, value]) => `${key}="${value}"\n`).join("");
}

/** A name in one line that means nothing to a shell between double quotes. */
function harmless(value: string): string {
  return value.replaceAll(/[\p{Cc}"$`\\]/gu, "").trim();
}
