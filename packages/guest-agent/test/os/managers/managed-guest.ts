import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { privateRoot, runChecked, temporaryDirectory } from "@nova-agent/testbed";
import type { GoldenNetwork } from "../golden-case.ts";
import type { ManagedOutcome, ManagedReset } from "./guest-program.ts";

const script = fileURLToPath(new URL("../../../../test/os/managers/guest-namespace.sh", import.meta.url));
const program = fileURLToPath(new URL("guest-program.js", import.meta.url));

/** Models take over a second each, and their tests several guests' worth of them. */
export const MANAGED_TIMEOUT_MS = 240_000;

/** Most of their time guests wait for their manager. */
export const GUESTS_AT_ONCE = 4;

// Beyond a minimal Debian.
const busPackages = ["dbus-daemon libdbus-1-3 libexpat1 libapparmor1 libcap-ng0 libaudit1"].flatMap((line) =>
  line.split(" "),
);
const networkdPackages = [
  "systemd libsystemd-shared libip4tc2 libkmod2 libseccomp2 libgcrypt20 libgpg-error0",
  "libssl3",
].flatMap((line) => line.split(" "));
// netplan, which is written in Python, and the networkd that it makes units for.
const netplanPackages = [
  "netplan.io libnetplan0 libglib2.0-0 libyaml-0-2 libffi8 libpcre2-8-0",
  "python3.11-minimal libpython3.11-minimal libpython3.11-stdlib zlib1g",
  "python3-netifaces python3-yaml python3-dbus python3-rich",
].flatMap((line) => line.split(" "));
const networkManagerPackages = [
  "network-manager libnm0 libndp0 libglib2.0-0 libffi8 libpsl5 libreadline8",
  "libcurl3-gnutls libnghttp2-14 librtmp1 libssh2-1 libldap-2.5-0 libsasl2-2 libbrotli1",
  "libidn2-0 libgnutls30 libhogweed6 libnettle8 libp11-kit0 libtasn1-6 libunistring2",
  "libgmp10 libgssapi-krb5-2 libk5crypto3 libkrb5-3 libkrb5support0 libkeyutils1",
  "libcom-err2",
].flatMap((line) => line.split(" "));

const managers = {
  // networkd gives its privileges away, for which a namespace of users with root alone has nobody.
  networkd: { packages: networkdPackages, namespaces: "-nmupf" },
  "networkd-alone": { packages: networkdPackages, namespaces: "-nmupf" },
  netplan: { packages: [...netplanPackages, ...networkdPackages], namespaces: "-nmupf" },
  "netplan-network-manager": {
    packages: [...new Set([...netplanPackages, ...networkManagerPackages])],
    namespaces: "-Urnmupf",
  },
  "network-manager": { packages: networkManagerPackages, namespaces: "-Urnmupf" },
};

/** A guest whose network a real manager keeps. */
export interface ManagedGuest {
  readonly manager: keyof typeof managers;
  readonly vifs: GoldenNetwork["vifs"];
}

/** Resets the network of one such guest, once for every entry. */
export async function resetManagedGuest(
  context: TestContext,
  { manager, vifs, resets }: ManagedGuest & { readonly resets: readonly ManagedReset[] },
): Promise<ManagedOutcome[]> {
  const { packages, namespaces } = managers[manager];
  const root = await privateRoot([...packages, ...busPackages]);
  const work = await temporaryDirectory(context);
  const links = vifs.map(({ name, mac }) => `${name}=${mac}`).join(" ");
  const guest = [script, manager, root, work, links, process.execPath, program, JSON.stringify(resets)];
  const output = await runChecked({
    argv: ["unshare", namespaces, "--kill-child", "--mount-proc", "sh", ...guest],
    timeoutMs: MANAGED_TIMEOUT_MS,
  });
  return output
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as ManagedOutcome);
}
