/** A network card of the guest, as the toolstack plugs it in. */
export interface DemoVif {
  /** Its name in the guest, such as `eth0`. */
  readonly interfaceName: string;
  /** Number of the device: `device/vif/<index>`. */
  readonly index: number;
  /** Six pairs of upper-case hexadecimal digits with colons. */
  readonly mac: string;
}

/** A file of a new guest. */
export interface GuestFile {
  readonly path: string;
  readonly content: string;
  readonly mode: number;
}

/** A symbolic link of a new guest. */
export interface GuestLink {
  readonly path: string;
  /** As it stands in the link. */
  readonly target: string;
}

/** Where the guest finds its XenStore socket. */
export const GUEST_SOCKET = "/run/xenstored/socket";

/** Where the agent's output goes, in the guest. */
export const GUEST_LOG = "/var/log/nova-agent.log";

/** Where xe-daemon's output goes, in the guest. */
export const PUBLISHER_LOG = "/var/log/xe-daemon.log";

/** Where a rescue system sees the root tree of the instance it repairs. */
export const RESCUED_TREE = "/mnt/rescue-disk";

/** What the guest has of memory is a file, too: the kernel's tells of the machine. */
export const GUEST_MEMINFO = { source: "/run/meminfo", target: "/proc/meminfo" } as const;

/** What is left of a demo guest's memory: a quarter of it is taken, whatever runs. */
const FREE_PART = 3 / 4;

/** `/proc/meminfo` (proc(5)) of a guest with that much memory. */
export function meminfoFile(memoryKib: number): GuestFile {
  const freeKib = Math.floor(memoryKib * FREE_PART);
  const lines = Object.entries({ MemTotal: memoryKib, MemFree: freeKib, MemAvailable: freeKib });
  const content = lines.map(([name, kib]) => `${name}: ${String(kib).padStart(12)} kB\n`).join("");
  return file(GUEST_MEMINFO.source, content);
}

/** The name a guest has before its agent gave it one. */
export const UNBUILT_HOSTNAME = "localhost";

/** The directories of a guest that nothing else creates, parents first. */
export const GUEST_DIRECTORIES = [
  "/dev",
  "/proc",
  "/root",
  "/run/network",
  "/tmp",
  "/var/log",
  "/var/tmp",
  ...["if-pre-up.d", "if-up.d", "if-down.d", "if-post-down.d"].map((name) => `/etc/network/${name}`),
] as const;

/** The files of a freshly installed guest with a Debian-like network set-up, as its disk would hold them. */
export function guestFiles(vifs: readonly DemoVif[]): GuestFile[] {
  return [...systemFiles(vifs), ...accountFiles()];
}

function systemFiles(vifs: readonly DemoVif[]): GuestFile[] {
  // Named but not configured: so the guest's network is clearly ifupdown's, and a reset has all to do.
  const cards = vifs.map(
    ({ interfaceName }) => `\nauto ${interfaceName}\niface ${interfaceName} inet manual\n`,
  );
  return [
    file("/etc/os-release", 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="nova-agent demo guest (Debian 12)"\n'),
    file("/etc/debian_version", "12.0\n"),
    file("/etc/hostname", `${UNBUILT_HOSTNAME}\n`),
    file("/etc/hosts", "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost\n"),
    file("/etc/resolv.conf", ""),
    file("/etc/network/interfaces", `auto lo\niface lo inet loopback\n${cards.join("")}`),
  ];
}

// What chpasswd(8) needs, be it built with PAM or without.
function accountFiles(): GuestFile[] {
  const pam = ["auth", "account", "password", "session"].map(
    (kind) => `${kind} required pam_unix.so${kind === "password" ? " sha512 shadow" : ""}\n`,
  );
  return [
    file(
      "/etc/passwd",
      "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/bin/false\n",
    ),
    file("/etc/group", "root:x:0:\nnogroup:x:65534:\n"),
    file("/etc/shadow", "root:*:19000:0:99999:7:::\nnobody:*:19000:0:99999:7:::\n", 0o600),
    file("/etc/nsswitch.conf", "passwd: files\ngroup: files\nshadow: files\nhosts: files dns\n"),
    file("/etc/login.defs", "ENCRYPT_METHOD SHA512\nUMASK 022\n"),
    ...["chpasswd", "other"].map((name) => file(`/etc/pam.d/${name}`, pam.join(""))),
  ];
}

/** Where the guest's sysfs shows a network card. */
export function sysfsDirectory({ interfaceName }: DemoVif): string {
  return `/sys/class/net/${interfaceName}`;
}

/**
 * What sysfs shows of a network card. A veth device has no nodename, and that is how the agent knows a Xen
 * VIF: so the guest's sysfs is of files.
 */
export function sysfsFiles(vif: DemoVif): GuestFile[] {
  const { index, mac } = vif;
  const directory = sysfsDirectory(vif);
  return [
    file(`${directory}/address`, `${mac.toLowerCase()}\n`),
    file(`${directory}/type`, "1\n"),
    file(`${directory}/device/nodename`, `device/vif/${index}\n`),
  ];
}

function file(path: string, content: string, mode = 0o644): GuestFile {
  return { path, content, mode };
}
