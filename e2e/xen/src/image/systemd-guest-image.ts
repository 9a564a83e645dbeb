import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runChecked } from "@nova-agent/testbed";
import { BUILD_STEP_TIMEOUT_MS } from "../limits.ts";
import type { AgentKind } from "../runs.ts";
import { installAgent } from "./agent.ts";
import { filesFolder } from "./files-folder.ts";
import type { GuestImage, GuestTreeOptions } from "./guest-image.ts";
import { addCompiledFolder } from "./javascript.ts";
import { installModules } from "./kernel-modules.ts";
import { fetchKernel } from "./kernels.ts";
import { addLibraries, addProgram, layOutTree, packTree } from "./root-tree.ts";

/** What a small installation of Debian has whose network netplan keeps, by systemd-networkd. */
export const systemdGuestPackages = [
  "base-files base-passwd bash coreutils dash debianutils grep hostname init-system-helpers libc-bin sed",
  "dbus dbus-bin dbus-daemon dbus-system-bus-common",
  "iproute2 iputils-ping kmod mount procps tar util-linux",
  "libpam-modules libpam-modules-bin libpam-runtime login passwd perl-base",
  "libsystemd-shared systemd systemd-resolved systemd-sysv udev",
  "libnetplan0 netplan.io python3-dbus python3-netifaces python3-rich python3-yaml",
  "libpython3.11-minimal libpython3.11-stdlib python3 python3-minimal python3.11 python3.11-minimal",
].flatMap((line) => line.split(" "));

/** Interfaces of the guest; udev loads it when it finds one. */
const modules = ["xen-netfront"];

const libraries = "usr/lib/x86_64-linux-gnu";

/** Loaded by PAM and by Python, by name. */
const plugins = [
  `${libraries}/security/pam_unix.so`,
  `${libraries}/libnetplan.so.0.0`,
  "usr/lib/python3.11/lib-dynload",
  "usr/lib/python3/dist-packages",
  "usr/lib/python3/dist-packages/yaml",
];

/** What the scripts of the packages would do, and who installs the agent. */
const CONFIGURE = `
cp /usr/share/base-passwd/passwd.master /etc/passwd
cp /usr/share/base-passwd/group.master /etc/group
for group in input kvm render sgx; do groupadd --system $group; done
systemd-sysusers
pwconv
systemd-machine-id-setup
ldconfig
depmod "$0"
ln -sf ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf
systemctl set-default multi-user.target
systemctl mask serial-getty@hvc0.service
# systemd runs them all at each reload, which netplan asks for, and they have nothing to find here (systemd.generator(7)).
mkdir -p /etc/systemd/system-generators
for name in cryptsetup debug gpt-auto hibernate-resume integritysetup rc-local system-update sysv veritysetup; do
  ln -s /dev/null /etc/systemd/system-generators/systemd-$name-generator
done
systemctl enable systemd-resolved.service obey-console.service at-network-online.service
# As the package of the agent does when it is installed.
/usr/lib/nova-agent/services.sh install
# Python compiles what it loads, as the packages of modules do.
netplan apply --help
`;

/** Builds a guest whose first process is systemd, with the agent installed as its service; `folder` gets the archive. */
export async function buildSystemdGuestImage(folder: string, agent: AgentKind): Promise<GuestImage> {
  const kernel = await fetchKernel("cloud-amd64");
  const root = join(folder, "systemd-guest");
  await layOutSystemdGuest(root, { agent, kernel, hasNode: true });
  const archive = join(folder, "guest.cpio");
  await packTree(root, archive);
  return { kernel: kernel.image, files: { "root.cpio": archive } };
}

/** Lays the guest out in the empty folder `root`, which has to be on a file system that runs programs. */
export async function layOutSystemdGuest(
  root: string,
  { agent, kernel, hasNode }: GuestTreeOptions,
): Promise<void> {
  const files = [filesFolder("any-guest"), filesFolder("systemd-guest")];
  await layOutTree(root, { packages: systemdGuestPackages, files });
  const version = await installModules(kernel, { names: modules, root });
  if (hasNode) await addProgram(root, process.execPath);
  await installAgent(root, agent);
  await addCompiledFolder(root, fileURLToPath(new URL("../guest", import.meta.url)), "e2e-xen");
  await addLibraries(root, plugins);
  await configure(root, version);
  await symlink("/sbin/init", join(root, "init"));
}

/** Runs Debian's own programs in the tree; a namespace of mounts lends them /dev, and takes it away. */
async function configure(root: string, kernelVersion: string): Promise<void> {
  const inside = ["chroot", root, "sh", "-e", "-c", CONFIGURE, kernelVersion];
  const script = 'mount --bind /dev "$0/dev" && exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C "$@"';
  await runChecked({
    argv: ["unshare", "--mount", "sh", "-c", script, root, ...inside],
    timeoutMs: BUILD_STEP_TIMEOUT_MS,
  });
}
