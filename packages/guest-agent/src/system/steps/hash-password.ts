import { decodeLatin1 } from "@nova-agent/xenstore";
import { SystemError } from "../../errors.ts";
import { wipeableBytes } from "../../secret.ts";
import { SHORT_PROGRAM_TIMEOUT_MS } from "../limits.ts";
import type { System } from "../system.ts";
import { stepFailure } from "./step.ts";

/** Reads a line, hashes it with the salt that is its argument, and prints that. */
const PERL = "$p = <STDIN>; chomp $p; print crypt($p, $ARGV[0])";
const PYTHON = [
  "import crypt, sys",
  "line = sys.stdin.buffer.readline().rstrip(b'\\n')",
  "print(crypt.crypt(line.decode('utf-8', 'surrogateescape'), sys.argv[1]))",
].join("\n");

/** What hashes a password from its standard input; `salt` as crypt(5) has it, with the method before it. */
const programs: readonly ((salt: string) => readonly [string, ...string[]])[] = [
  () => ["openssl", "passwd", "-6", "-stdin"],
  () => ["mkpasswd", "-m", "sha-512", "-s"],
  (salt) => ["perl", "-e", PERL, salt],
  (salt) => ["python3", "-W", "ignore", "-c", PYTHON, salt],
  () => ["busybox", "mkpasswd", "-m", "sha512", "-P", "0"],
];

/** SHA-512-crypt (crypt(5)), which every Linux since glibc 2.7 and musl 0.9 takes. */
const HASH = /^\$6\$(?:rounds=\d+\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{86}$/;

const SALT_CHARACTERS = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const SALT_LENGTH = 16;

/**
 * The hash of a password, by the first program of the running system that makes one. Programs get the
 * password through standard input and nowhere else. Throws AGENT_STEP_FAILED that names what to install.
 */
export async function hashPassword(password: Uint8Array, system: System): Promise<string> {
  const line = wipeableBytes(password.length + 1);
  line.set(password);
  line[line.length - 1] = 0x0a;
  const salt = `$6$${saltOf(system.randomBytes(SALT_LENGTH))}$`;
  try {
    for (const argvOf of programs) {
      const hash = await runHasher(argvOf(salt), line, system);
      if (hash !== undefined) return hash;
    }
  } finally {
    line.fill(0);
  }
  throw stepFailure("No program here hashes a password; install openssl, mkpasswd (whois), perl or python3");
}

/** Undefined where there is no such program, or one that knows no SHA-512. */
async function runHasher(
  argv: readonly [string, ...string[]],
  stdin: Uint8Array,
  system: System,
): Promise<string | undefined> {
  try {
    const { status, stdout } = await system.run({ argv, stdin, timeoutMs: SHORT_PROGRAM_TIMEOUT_MS });
    const hash = decodeLatin1(stdout).trim();
    return status === 0 && HASH.test(hash) ? hash : undefined;
  } catch (error) {
    if (error instanceof SystemError) return undefined;
    throw error;
  }
}

function saltOf(random: Uint8Array): string {
  return Array.from(random, (byte) => SALT_CHARACTERS[byte % SALT_CHARACTERS.length]).join("");
}
