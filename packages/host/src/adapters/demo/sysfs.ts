import { rm } from "node:fs/promises";
import { writeFiles } from "./disk.ts";
import { type DemoVif, sysfsDirectory, sysfsFiles } from "./guest-files.ts";

/** Lets the guest's sysfs show a network card. */
export function showVif(tree: string, vif: DemoVif): Promise<void> {
  return writeFiles(tree, sysfsFiles(vif));
}

/** Takes it out again. */
export function hideVif(tree: string, vif: DemoVif): Promise<void> {
  return rm(tree + sysfsDirectory(vif), { recursive: true, force: true });
}
