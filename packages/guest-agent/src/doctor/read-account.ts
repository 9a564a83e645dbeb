import { decodeLatin1 } from "@nova-agent/xenstore";
import { SystemError } from "../errors.ts";
import type { RootedFiles } from "../system/rooted-files.ts";
import type { AccountFacts } from "./facts.ts";
import { ACCOUNT_FILE_MAX_BYTES } from "./limits.ts";

/** Reads what decides whether a user can log in; the hash goes nowhere. */
export function readAccount(user: string, files: RootedFiles): AccountFacts {
  const account = fieldsOf(user, readFile("/etc/passwd", files) ?? "");
  const text = readFile("/etc/shadow", files);
  // Without shadow passwords the hash stands in the other file (passwd(5)).
  const shadow = fieldsOf(user, text ?? "") ?? (account?.[1] === "x" ? undefined : account?.slice(0, 2));
  const [, hash, lastChange, , maximum, , , expiry] = shadow ?? [];
  return {
    user,
    shell: account?.[6],
    password: text === undefined && account?.[1] === "x" ? "unreadable" : kindOf(hash),
    lastChangeDay: dayOf(lastChange),
    maximumAge: dayOf(maximum),
    expiryDay: dayOf(expiry),
    isLoginOff: files.status("/etc/nologin") !== undefined,
  };
}

function kindOf(hash: string | undefined): AccountFacts["password"] {
  if (hash === undefined) return "missing";
  if (hash === "") return "empty";
  return /^[!*]/.test(hash) ? "locked" : "hash";
}

function dayOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

function fieldsOf(user: string, text: string): string[] | undefined {
  return text
    .split("\n")
    .map((line) => line.split(":"))
    .find(([name]) => name === user);
}

function readFile(path: string, files: RootedFiles): string | undefined {
  try {
    return decodeLatin1(files.read(path, ACCOUNT_FILE_MAX_BYTES));
  } catch (error) {
    if (error instanceof SystemError) return undefined;
    throw error;
  }
}
