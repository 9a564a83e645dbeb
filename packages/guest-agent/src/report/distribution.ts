import { readAssignments } from "../network/shell-file.ts";

/** What a guest runs, in the words that toolstacks know from xe-guest-utilities. */
export interface Distribution {
  /** `debian`, `rhel`, `centos`, …; what os-release(5) calls the ID. */
  readonly distro: string;
  /** Empty where a distribution has no numbers, or only one. */
  readonly major: string;
  readonly minor: string;
  /** For people, such as `Debian GNU/Linux 12 (bookworm)`. */
  readonly name: string;
}

/** The files that say it, each where it is there; by path. */
export type DistributionFiles = ReadonlyMap<string, string>;

const osReleasePaths: readonly string[] = ["/etc/os-release", "/usr/lib/os-release", "/var/run/os-release"];
const lsbReleasePath = "/etc/lsb-release";

/** The Red Hat family's, the most particular first: Oracle's and others' guests have redhat-release too. */
const redHatPaths: readonly string[] = [
  "/etc/oracle-release",
  "/etc/centos-release",
  "/etc/fedora-release",
  "/etc/system-release",
  "/etc/redhat-release",
];
const susePath = "/etc/SuSE-release";
const debianPath = "/etc/debian_version";

/** Files of distributions from before os-release(5), with what stands in front of the number. */
const singleFiles: readonly { readonly path: string; readonly distro: string; readonly name: string }[] = [
  { path: "/etc/alpine-release", distro: "alpine", name: "Alpine Linux" },
  { path: "/etc/gentoo-release", distro: "gentoo", name: "Gentoo" },
  { path: "/etc/arch-release", distro: "arch", name: "Arch Linux" },
  { path: "/etc/slackware-version", distro: "slackware", name: "Slackware" },
];

/** Every file that is looked into. */
export const distributionPaths: readonly string[] = [
  ...osReleasePaths,
  lsbReleasePath,
  ...redHatPaths,
  susePath,
  debianPath,
  ...singleFiles.map(({ path }) => path),
];

/** os-release's IDs that toolstacks know by another name. */
const knownNames: ReadonlyMap<string, string> = new Map([
  ["ol", "oracle"],
  ["redhat", "rhel"],
  ["archarm", "arch"],
]);

/** Finds out what a guest runs; `linux` when nothing says it. */
export function findDistribution(files: DistributionFiles): Distribution {
  return (
    fromOsRelease(files) ??
    fromRedHat(files) ??
    fromSuse(files) ??
    fromLsb(files) ??
    fromDebian(files) ??
    fromSingleFile(files) ?? { distro: "linux", major: "", minor: "", name: "Linux" }
  );
}

function fromOsRelease(files: DistributionFiles): Distribution | undefined {
  const path = osReleasePaths.find((each) => files.has(each));
  if (path === undefined) return undefined;
  const fields = fieldsOf(files.get(path) ?? "");
  const id = fields("ID");
  if (id === "") return undefined;
  const distro = knownNames.get(id.toLowerCase()) ?? id.toLowerCase();
  const name = fields("PRETTY_NAME") || [fields("NAME") || id, fields("VERSION")].join(" ").trim();
  const numbers = numbersOf(fields("VERSION_ID"));
  // CentOS, Debian, Gentoo and others name the major number alone; their own files know the rest.
  return { distro, name, ...(numbers.minor === "" ? refine(numbers, { distro, files }) : numbers) };
}

interface Numbers {
  readonly major: string;
  readonly minor: string;
}

/** The whole numbers of a release whose major number is known, or nothing is. */
function refine(
  known: Numbers,
  { distro, files }: { readonly distro: string; readonly files: DistributionFiles },
): Numbers {
  const paths = [...redHatPaths, ...singleFiles.filter((file) => file.distro === distro).map((f) => f.path)];
  if (distro === "debian") paths.unshift(debianPath);
  for (const path of paths) {
    const text = files.get(path) ?? "";
    const found = numbersOf(path === debianPath ? text : (/\d[\d.]*/.exec(text)?.[0] ?? ""));
    if (found.minor !== "" && (known.major === "" || found.major === known.major)) return found;
  }
  return known;
}

/** `CentOS release 6.10 (Final)`, `Red Hat Enterprise Linux Server release 6.10 (Santiago)`. */
function fromRedHat(files: DistributionFiles): Distribution | undefined {
  for (const path of redHatPaths) {
    const name = firstLine(files.get(path));
    const [, product = "", version = ""] = /^(.+?) (?:Linux )?release (\d[\d.]*)/.exec(name) ?? [];
    if (version !== "") return { distro: redHatName(product), name, ...numbersOf(version) };
  }
  return undefined;
}

const redHatProducts: readonly (readonly [RegExp, string])[] = [
  [/^red hat/i, "rhel"],
  [/^centos/i, "centos"],
  [/^(?:oracle|enterprise)/i, "oracle"],
  [/^scientific/i, "scientific"],
  [/^fedora/i, "fedora"],
  [/^almalinux/i, "almalinux"],
  [/^rocky/i, "rocky"],
  [/^amazon/i, "amzn"],
];

function redHatName(product: string): string {
  const row = redHatProducts.find(([pattern]) => pattern.test(product));
  return row?.[1] ?? (product.split(" ", 1)[0] ?? "").toLowerCase();
}

/** `SUSE Linux Enterprise Server 11 (x86_64)`, below it `VERSION = 11` and `PATCHLEVEL = 4`. */
function fromSuse(files: DistributionFiles): Distribution | undefined {
  const text = files.get(susePath);
  if (text === undefined) return undefined;
  const field = (name: string) => new RegExp(`^${name} *= *(\\S+)`, "m").exec(text)?.[1] ?? "";
  const line = firstLine(text);
  const numbers = numbersOf(field("VERSION"));
  const distro = /^openSUSE/i.test(line) ? "opensuse" : / desktop /i.test(line) ? "sled" : "sles";
  const minor = numbers.minor || field("PATCHLEVEL");
  return { distro, major: numbers.major, minor, name: line.replace(/ \(\w+\)$/, "") };
}

/** Ubuntu's before 12.04, and Linux Mint's. */
function fromLsb(files: DistributionFiles): Distribution | undefined {
  const fields = fieldsOf(files.get(lsbReleasePath) ?? "");
  const id = fields("DISTRIB_ID");
  if (id === "") return undefined;
  const name = fields("DISTRIB_DESCRIPTION") || `${id} ${fields("DISTRIB_RELEASE")}`.trim();
  return { distro: id.toLowerCase().replaceAll(" ", "-"), name, ...numbersOf(fields("DISTRIB_RELEASE")) };
}

/** `6.0.10`, or `squeeze/sid` before a release. */
function fromDebian(files: DistributionFiles): Distribution | undefined {
  const version = firstLine(files.get(debianPath));
  return version === ""
    ? undefined
    : { distro: "debian", name: `Debian GNU/Linux ${version}`, ...numbersOf(version) };
}

function fromSingleFile(files: DistributionFiles): Distribution | undefined {
  const file = singleFiles.find(({ path }) => files.has(path));
  if (file === undefined) return undefined;
  const version = /\d[\d.]*/.exec(files.get(file.path) ?? "")?.[0] ?? "";
  return { distro: file.distro, name: `${file.name} ${version}`.trim(), ...numbersOf(version) };
}

/** The last value of each name, empty where there is none. */
function fieldsOf(text: string): (name: string) => string {
  const assigned = readAssignments(text.replaceAll("\r", ""));
  return (name) => assigned.get(name)?.join(" ").trim() ?? "";
}

/** `12.5` and `12`, `2018.03`, `15-SP5`; no numbers where it does not begin with one. */
function numbersOf(version: string): Numbers {
  const [, major = "", minor = ""] = /^(\d+)(?:(?:\.|-SP)(\d+))?/.exec(version.trim()) ?? [];
  return { major, minor };
}

function firstLine(text: string | undefined): string {
  return text?.split("\n", 1)[0]?.trim() ?? "";
}
