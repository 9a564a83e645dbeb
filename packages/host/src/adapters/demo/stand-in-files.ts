import type { GuestFile } from "./guest-files.ts";
import { GUEST_CODE } from "./shared-paths.ts";

const PROGRAM = `${GUEST_CODE}/packages/host/dist/src/adapters/demo/ifupdown/main.js`;

/**
 * ifup(8) and ifdown(8) for a guest on a machine without them: scripts where the real ones are, which
 * run `ifupdown/main.ts` of this folder.
 */
export function standInFiles(node: string): GuestFile[] {
  const content = `#!${node}\nimport(${JSON.stringify(PROGRAM)});\n`;
  return ["ifup", "ifdown"].map((name) => ({ path: `/sbin/${name}`, content, mode: 0o755 }));
}
