import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { runChecked } from "./process.ts";

const PROGRAM_TIMEOUT_MS = 10_000;

/** Whether root's password in a root tree is this one. */
export async function isRootPassword(tree: string, password: string): Promise<boolean> {
  const shadow = await readFile(join(tree, "etc/shadow"), "utf8");
  const hash = /^root:([^:]+):/m.exec(shadow)?.[1] ?? "";
  // crypt(3) takes method and salt from a hash, and gives the same one for the same password.
  const argv = ["perl", "-e", "print crypt($ARGV[0], $ARGV[1])", password, hash] as const;
  return hash.startsWith("$6$") && (await runChecked({ argv, timeoutMs: PROGRAM_TIMEOUT_MS })) === hash;
}
