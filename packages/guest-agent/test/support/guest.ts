import { XenstoreError } from "@nova-agent/xenstore";
import type { Guest } from "../../src/commands/command.ts";
import { DEFAULT_CONFIG } from "../../src/config.ts";
import { createFakeSystem } from "./fake-system.ts";

const missing = (path: string): Promise<never> => Promise.reject(new XenstoreError("ENOENT", path));

/** A guest for commands that read nothing of XenStore. */
export function createGuest(parts: Partial<Guest> = {}): Guest {
  const xenstore = { read: missing, readText: missing, list: missing, exists: () => Promise.resolve(false) };
  return {
    system: createFakeSystem(),
    xenstore,
    exchange: undefined,
    root: "/",
    config: DEFAULT_CONFIG,
    ...parts,
  };
}
