import type { FakeFiles } from "@nova-agent/guest-agent/testing";

const INTERFACES = "/etc/network/interfaces";
const STATE = "/run/network/ifstate";

/** A network as a guest is to have it. */
export interface GuestNetwork {
  readonly address: string;
  readonly gateway: string;
}

/** What a program has done. */
export interface Effect {
  readonly status?: number;
  readonly stdout?: string;
}

/** The kernel of a Debian guest with ifupdown and one interface, as far as the network goes. */
export class SimulatedKernel {
  readonly mac: string;
  readonly #files: FakeFiles;
  #network: GuestNetwork | undefined;

  constructor({ files, mac }: { readonly files: FakeFiles; readonly mac: string }) {
    this.#files = files;
    this.mac = mac;
    files.addFile("/sys/class/net/eth0/address", `${mac}\n`);
    files.addFile("/sys/class/net/eth0/device/nodename", "device/vif/0");
    files.addFile("/etc/hostname", "debian\n");
    files.addFile("/etc/hosts", "127.0.0.1\tlocalhost\n127.0.1.1\tdebian\n");
    files.addFile("/sbin/ifup", "");
    files.addFile("/sbin/resolvconf", "");
    files.addFile(INTERFACES, "auto lo\niface lo inet loopback\n");
    files.addDirectory("/proc/net");
    files.addFile("/proc/sys/kernel/hostname", "debian\n");
    this.boot();
  }

  /** The address that the kernel has. */
  get address(): string | undefined {
    return this.#network?.address;
  }

  /** The address that the files give at the next boot. */
  get addressInFiles(): string | undefined {
    return this.#networkInFiles()?.address;
  }

  /** What the network's services do at the start. */
  boot(): void {
    this.#takeDown();
    this.#bringUp({ isForced: false });
    this.#show();
  }

  /** Carries a program out. */
  run(argv: readonly string[]): Effect {
    const effect = this.#act(argv);
    this.#show();
    return effect;
  }

  #act([program, ...rest]: readonly string[]): Effect {
    const line = rest.join(" ");
    if (program === "ifup") return this.#bringUp({ isForced: rest[0] === "--force" });
    if (program === "ifdown") return this.#takeDown();
    if (program === "ping") return { status: rest.at(-1) === this.#network?.gateway ? 0 : 1 };
    if (line === "address show") return { stdout: this.#describe() };
    if (line === "address flush dev eth0") this.#network = undefined;
    return {};
  }

  #networkInFiles(): GuestNetwork | undefined {
    const text = this.#files.text(INTERFACES) ?? "";
    const [, address] = /address (\S+)/.exec(text) ?? [];
    const [, gateway] = /gateway (\S+)/.exec(text) ?? [];
    return address === undefined || gateway === undefined ? undefined : { address, gateway };
  }

  /** Like ifup, which leaves alone what it has up, and knows nothing of what stands in no file. */
  #bringUp({ isForced }: { readonly isForced: boolean }): Effect {
    const network = this.#networkInFiles();
    if (network === undefined) return { status: 1 };
    if (isForced || !(this.#files.text(STATE) ?? "").includes("eth0")) this.#network = network;
    this.#files.addFile(STATE, "lo=lo\neth0=eth0\n");
    return {};
  }

  #takeDown(): Effect {
    this.#network = undefined;
    this.#files.addFile(STATE, "lo=lo\n");
    return {};
  }

  #show(): void {
    const hex = (this.#network?.gateway ?? "0.0.0.0").split(".").toReversed();
    const gateway = hex.map((byte) => Number(byte).toString(16).padStart(2, "0")).join("");
    const route = `eth0\t00000000\t${gateway}\t0003\t0\t0\t0\t00000000\t0\t0\t0\n`;
    this.#files.addFile("/proc/net/route", this.#network === undefined ? "Iface\n" : `Iface\n${route}`);
  }

  #describe(): string {
    const address = this.#network?.address;
    const forever = "valid_lft forever preferred_lft forever";
    const own = address === undefined ? "" : `    inet ${address} scope global eth0\n       ${forever}\n`;
    const head = "mtu 1500 qdisc noqueue\n";
    return `1: lo: <LOOPBACK,UP> ${head}2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> ${head}${own}`;
  }
}
