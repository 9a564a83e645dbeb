import { freemem } from "node:os";
import { FREE_MEMORY_BYTES, PROBE_TIMEOUT_MS } from "./limits.ts";
import { runProgram } from "./process.ts";
import { findXenTool, XEN_BOOT_PACKAGES, XEN_PACKAGES } from "./xen-tools.ts";

// For several packages at once apt-cache succeeds when it knows one of them.
const EACH_IS_KNOWN = 'for name; do apt-cache show "$name" || exit 1; done';

/** How to see whether a need is met, and the Debian package that meets it where one does. */
interface NeedRow {
  readonly detect: () => boolean | Promise<boolean>;
  readonly debianPackages: readonly string[];
  /** What to do about it, for the reason of a skipped test. */
  readonly remedy: string;
}

function program(name: string, debianPackages: readonly string[]): NeedRow {
  return {
    detect: () => succeeds(["sh", "-c", 'command -v "$0" >/dev/null', name]),
    debianPackages,
    remedy: `apt-get install ${debianPackages.join(" ")}`,
  };
}

function xenProgram(name: string): NeedRow {
  return {
    detect: async () => (await findXenTool(name)) !== undefined,
    debianPackages: [],
    remedy: `npm test unpacks ${XEN_PACKAGES[0]} and its libraries on Debian 12`,
  };
}

/** Everything a system test may ask for. A new need is a row here. */
const needTable = {
  root: { detect: () => process.getuid?.() === 0, debianPackages: [], remedy: "run as root" },
  namespaces: {
    detect: () => succeeds(["unshare", "-Urnmu", "true"]),
    debianPackages: [],
    remedy: "allow user namespaces (kernel.unprivileged_userns_clone=1)",
  },
  "binfmt-namespaces": {
    // Before Linux 6.7 what runs programs of other machines is one for the whole machine, which stays as it is.
    detect: () =>
      succeeds(["unshare", "-Urm", "mount", "-t", "binfmt_misc", "none", "/proc/sys/fs/binfmt_misc"]),
    debianPackages: [],
    remedy: "run on Linux 6.7 or later, and allow user namespaces",
  },
  apt: {
    detect: () => succeeds(["apt-cache", "show", XEN_PACKAGES[0]]),
    debianPackages: [],
    remedy: "run on Debian 12, and apt-get update",
  },
  "xen-boot": {
    // Debian's Xen is the same on arm64, but the machine that the tests boot is an x86-64 one with programs of this one.
    detect: () => process.arch === "x64" && succeeds(["sh", "-c", EACH_IS_KNOWN, "sh", ...XEN_BOOT_PACKAGES]),
    debianPackages: [],
    remedy: "run on Debian 12 on x86-64, and apt-get update",
  },
  xenstored: xenProgram("xenstored"),
  oxenstored: xenProgram("oxenstored"),
  "xenstore-clients": xenProgram("xenstore-ls"),
  "test-xenstore": xenProgram("test-xenstore"),
  cc: {
    detect: () => succeeds(["sh", "-c", "echo '#include <stdio.h>' | cc -E -x c - >/dev/null"]),
    debianPackages: ["gcc", "libc6-dev"],
    remedy: "apt-get install gcc libc6-dev",
  },
  pyxs: {
    // Debian's own interpreter: another python3 in the PATH does not see Debian's modules.
    detect: () => succeeds(["/usr/bin/python3", "-c", "import pyxs"]),
    debianPackages: ["python3-pyxs"],
    remedy: "apt-get install python3-pyxs",
  },
  python3: {
    detect: () => succeeds(["/usr/bin/python3", "-c", ""]),
    debianPackages: ["python3"],
    remedy: "apt-get install python3",
  },
  "musl-gcc": program("musl-gcc", ["musl-tools"]),
  "aarch64-gcc": program("aarch64-linux-gnu-gcc", ["gcc-aarch64-linux-gnu"]),
  rpmbuild: program("rpmbuild", ["rpm"]),
  mandoc: program("mandoc", ["mandoc"]),
  ip: program("ip", ["iproute2"]),
  openssl: program("openssl", ["openssl"]),
  socat: program("socat", ["socat"]),
  attr: program("setfattr", ["attr"]),
  openstack: program("openstack", ["python3-openstackclient", "python3-novaclient"]),
  chromium: program("chromium", ["chromium"]),
  qemu: program("qemu-system-x86_64", ["qemu-system-x86"]),
  "free-memory": {
    detect: () => freemem() >= FREE_MEMORY_BYTES,
    debianPackages: [],
    remedy: `free ${FREE_MEMORY_BYTES / 2 ** 30} GiB of memory`,
  },
} as const satisfies Record<string, NeedRow>;

/** The name of something that a test needs from the machine. */
export type Need = keyof typeof needTable;

/** Debian packages that meet the needs of the table; all of them only put files in place. */
export function neededDebianPackages(): readonly string[] {
  return [...new Set(Object.values<NeedRow>(needTable).flatMap((row) => row.debianPackages))].toSorted();
}

/** For each need that this machine does not meet, its name and what to do about it. */
export async function findUnmetNeeds(needs: readonly Need[]): Promise<readonly string[]> {
  const unmet: string[] = [];
  for (const need of needs) {
    const row: NeedRow = needTable[need];
    if (!(await row.detect())) unmet.push(`${need} (${row.remedy})`);
  }
  return unmet;
}

async function succeeds(argv: readonly [string, ...string[]]): Promise<boolean> {
  return (await runProgram({ argv, timeoutMs: PROBE_TIMEOUT_MS })).status === 0;
}
