import { decodeLatin1 } from "@nova-agent/xenstore";
import { SystemError } from "../errors.ts";
import type { Registrar } from "../registration/plan-registration.ts";
import { SCRIPT_MAX_BYTES } from "./limits.ts";
import type { Files } from "./system.ts";

/** The last release of Enterprise Linux whose systems registered with RHN. */
const LAST_RHN_RELEASE = 6;

/**
 * The program that registers this guest: the one of the two that is there. Where both are, the release
 * decides: Enterprise Linux 5 and 6 carry subscription-manager besides, and later ones rhnreg_ks.
 * rhc(1) is none: it takes the key as an argument only, and stands on subscription-manager itself.
 */
export function findRegistrar(files: Files): Registrar | undefined {
  const rhsm = readRegistrar(files, "subscription-manager");
  const rhn = readRegistrar(files, "rhnreg_ks");
  const release = readRelease(files);
  const isOld = release !== undefined && release <= LAST_RHN_RELEASE;
  return isOld ? (rhn ?? rhsm) : (rhsm ?? rhn);
}

function readRegistrar(files: Files, kind: Registrar["kind"]): Registrar | undefined {
  const path = `/usr/sbin/${kind}`;
  const interpreter = pythonOf(readFirstLine(files, path));
  return interpreter === undefined ? undefined : { kind, path, interpreter };
}

/**
 * The interpreter of a Python program, as execve(2) reads a first line: a path and at most one word
 * behind it. Any other program could be given its key by its arguments only.
 */
function pythonOf(firstLine: string | undefined): readonly [string, ...string[]] | undefined {
  const [, path = "", word = ""] = /^#![ \t]*(\/\S+)[ \t]*(.*?)[ \t]*$/.exec(firstLine ?? "") ?? [];
  const name = path.endsWith("/env") ? word : path.slice(path.lastIndexOf("/") + 1);
  if (!/^(?:platform-)?python[\d.]*$/.test(name)) return undefined;
  return word === "" ? [path] : [path, word];
}

/** The number behind "release" in the text by which Red Hat, CentOS, Rocky, Alma, Oracle and others call themselves. */
function readRelease(files: Files): number | undefined {
  const digits = /release (\d+)/.exec(readFirstLine(files, "/etc/redhat-release") ?? "")?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function readFirstLine(files: Files, path: string): string | undefined {
  try {
    return decodeLatin1(files.read(path, SCRIPT_MAX_BYTES)).split("\n", 1)[0];
  } catch (error) {
    // Not there, or no script: a program of that size is none.
    if (error instanceof SystemError) return undefined;
    throw error;
  }
}
