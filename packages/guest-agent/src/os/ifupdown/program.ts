import type { NetworkFacts } from "../backend.ts";

/** Where ifup is. */
export const ifupPaths: readonly string[] = ["/sbin/ifup", "/usr/sbin/ifup"];

/** The programs called ifup, which read the same file. */
export type Program = "ifupdown" | "ifupdown2" | "ifupdown-ng" | "busybox";

/** Whose ifup the guest has: all but the first have it as a link to a program of many names. */
export function ifupOf({ evidence }: NetworkFacts): Program | undefined {
  const path = ifupPaths.find((each) => evidence.has(each));
  if (path === undefined) return undefined;
  const target = evidence.get(path)?.link ?? "";
  if (/\/ifupdown2(\/|$)/.test(target)) return "ifupdown2";
  if (/(^|\/)busybox[^/]*$/.test(target)) return "busybox";
  return /(^|\/)ifupdown(-ng)?$/.test(target) ? "ifupdown-ng" : "ifupdown";
}
