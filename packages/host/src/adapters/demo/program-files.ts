import { type GuestProgram, guestPrograms } from "./enclosure.ts";
import type { GuestFile } from "./guest-files.ts";
import { GUEST_CODE } from "./shared-paths.ts";

/** Where the guest finds one of its programs. */
export function programPath(program: GuestProgram): string {
  return `/usr/local/sbin/${program}`;
}

/**
 * The guest's programs: scripts that run `main` of the agent's code, which is told by their names what to
 * do, as the links are that its packages bring.
 */
export function programFiles(node: string, main: string): GuestFile[] {
  const content = `#!${node}\nimport(${JSON.stringify(`${GUEST_CODE}/${main}`)});\n`;
  return guestPrograms.map((program) => ({ path: programPath(program), content, mode: 0o755 }));
}
