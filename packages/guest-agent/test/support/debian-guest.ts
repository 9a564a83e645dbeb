import { createManualClock } from "@nova-agent/xenstore/testing";
import { readGoldenNetwork } from "../os/golden-case.ts";
import { createFakeSystem, type FakeSystem, type FakeSystemOptions } from "./fake-system.ts";

/** The network `canonical` of the golden files, and the VIFs of the guests below. */
export const canonical = readGoldenNetwork("canonical");

/** A Debian guest named `debian` with ifupdown and the VIFs of the canonical network. */
export function createDebianGuest(options: FakeSystemOptions = {}): FakeSystem {
  const system = createFakeSystem({
    clock: createManualClock(),
    run: ({ argv }) => ({ stdout: argv[0] === "hostname" && argv.length === 1 ? "debian\n" : "" }),
    ...options,
  });
  const { files } = system;
  for (const { name, mac, index } of canonical.vifs) {
    files.addFile(`/sys/class/net/${name}/address`, `${mac}\n`);
    files.addFile(`/sys/class/net/${name}/device/nodename`, `device/vif/${index}`);
  }
  files.addFile("/proc/sys/kernel/hostname", "debian\n");
  files.addFile("/etc/hostname", "debian\n");
  files.addFile("/etc/hosts", "127.0.0.1\tlocalhost\n127.0.1.1\tdebian\n");
  files.addFile("/sbin/ifup", "");
  files.addFile("/sbin/resolvconf", "");
  files.addFile("/etc/network/interfaces", "auto lo eth0\niface lo inet loopback\niface eth0 inet dhcp\n");
  return system;
}
