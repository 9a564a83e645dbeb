import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import type { Browser } from "playwright-core";
import { CHROMIUM_TIMEOUT_MS } from "./limits.ts";

/**
 * Starts Debian's Chromium without a window, with a profile of its own in the folder for temporary files. It
 * ends with `close()`, and with this process in any case: what it is told comes by a pipe, and it does not
 * outlive that. For tests with the need "chromium".
 */
export async function openChromium(): Promise<Browser> {
  // It is loaded by whoever needs a browser alone.
  const { chromium } = await import("playwright-core");
  return chromium.launch({
    executablePath: findProgram("chromium"),
    // root has none (Chromium, "Linux Sandboxing").
    chromiumSandbox: process.getuid?.() !== 0,
    // Containers have little of /dev/shm.
    args: ["--disable-dev-shm-usage"],
    timeout: CHROMIUM_TIMEOUT_MS,
  });
}

function findProgram(name: string): string {
  const paths = (process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, name));
  const found = paths.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  if (found === undefined) throw new Error(`There is no ${name} in PATH`);
  return found;
}
