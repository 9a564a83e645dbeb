import type { FakeFiles } from "@nova-agent/guest-agent/testing";

const INTERFACES = "/etc/network/interfaces";
const STATE = "/run/network/ifstate";

/** A network as a guest is to have it. */
export interface GuestNetwork {
  readonly address: string;
  readonly gateway: string;
}

/** A network card as the toolstack gives it. */
export interface GuestCard {
  readonly mac: string;
  readonly index: number;
}

/** What of a network stands in a file or in the kernel. */
interface Setting {
  readonly address: string;
  readonly gateway: string | undefined;
}

/** What a program has done. */
export interface Effect {
  readonly status?: number;
  readonly stdout?: string;
}

/** The kernel of a Debian guest with ifupdown, as far as the network goes. */
export class SimulatedKernel {
  readonly #files: FakeFiles;
  readonly #networks = new Map<string, Setting>();
  #cards: readonly GuestCard[] = [];

  constructor({ files, cards }: { readonly files: FakeFiles; readonly cards: readonly GuestCard[] }) {
    this.#files = files;
    files.addFile("/etc/hostname", "debian\n");
    files.addFile("/etc/hosts", "127.0.0.1\tlocalhost\n127.0.1.1\tdebian\n");
    files.addFile("/sbin/ifup", "");
    files.addFile("/sbin/resolvconf", "");
    files.addFile(INTERFACES, "auto lo\niface lo inet loopback\n");
    files.addDirectory("/proc/net");
    files.addFile("/proc/sys/kernel/hostname", "debian\n");
    this.setCards(cards);
    this.boot();
  }

  /** The address of the first card, in the kernel. */
  get address(): string | undefined {
    return this.#networks.get("eth0")?.address;
  }

  /** The address of every card that has one, by its MAC address. */
  get addresses(): ReadonlyMap<string, string> {
    return this.#byMac((name) => this.#networks.get(name));
  }

  /** The same as the files give it at the next boot. */
  get addressesInFiles(): ReadonlyMap<string, string> {
    return this.#byMac((name) => this.#settingInFiles(name));
  }

  /** Cards come and go with all that the kernel had of them. */
  setCards(cards: readonly GuestCard[]): void {
    for (const { mac, index } of this.#cards) {
      const isLeft = cards.some((card) => card.mac === mac && card.index === index);
      if (!isLeft) this.#networks.delete(`eth${index}`);
    }
    // In place of the one that was there.
    this.#files.addDirectory("/sys/class/net");
    this.#cards = cards;
    for (const { mac, index } of cards) {
      this.#files.addFile(`/sys/class/net/eth${index}/address`, `${mac}\n`);
      this.#files.addFile(`/sys/class/net/eth${index}/device/nodename`, `device/vif/${index}`);
    }
    this.#show();
  }

  /** What is left when the machine ends. */
  halt(): void {
    this.#networks.clear();
    this.#files.addFile(STATE, "lo=lo\n");
    this.#show();
  }

  /** What the network's services do at the start. */
  boot(): void {
    this.halt();
    for (const { index } of this.#cards) this.#bringUp(`eth${index}`, { isForced: false });
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
    const name = rest.at(-1) ?? "";
    if (program === "ifup") return this.#bringUp(name, { isForced: rest[0] === "--force" });
    if (program === "ifdown") return this.#takeDown(name);
    if (program === "ping") return { status: this.#gateways().includes(name) ? 0 : 1 };
    if (line === "address show") return { stdout: this.#describe() };
    const [, flushed] = /^address flush dev (\S+)/.exec(line) ?? [];
    if (flushed !== undefined) this.#networks.delete(flushed);
    return {};
  }

  #settingInFiles(name: string): Setting | undefined {
    const stanzas = (this.#files.text(INTERFACES) ?? "").split(/^(?=iface )/m);
    const stanza = stanzas.find((text) => text.startsWith(`iface ${name} inet `)) ?? "";
    const [, address] = /^\s*address (\S+)/m.exec(stanza) ?? [];
    const [, gateway] = /^\s*gateway (\S+)/m.exec(stanza) ?? [];
    return address === undefined ? undefined : { address, gateway };
  }

  /** Like ifup, which leaves alone what it has up, and knows nothing of what stands in no file. */
  #bringUp(name: string, { isForced }: { readonly isForced: boolean }): Effect {
    const setting = this.#settingInFiles(name);
    const isThere = this.#cards.some(({ index }) => name === `eth${index}`);
    if (setting === undefined || !isThere) return { status: 1 };
    const up = this.#up();
    if (isForced || !up.includes(name)) this.#networks.set(name, setting);
    this.#setUp([...up.filter((each) => each !== name), name]);
    return {};
  }

  #takeDown(name: string): Effect {
    this.#networks.delete(name);
    this.#setUp(this.#up().filter((each) => each !== name));
    return {};
  }

  #up(): readonly string[] {
    const lines = (this.#files.text(STATE) ?? "").split("\n");
    return lines.flatMap((line) => (line.startsWith("eth") ? [line.replace(/=.*/, "")] : []));
  }

  #setUp(names: readonly string[]): void {
    this.#files.addFile(STATE, ["lo=lo", ...names.map((name) => `${name}=${name}`), ""].join("\n"));
  }

  #gateways(): readonly string[] {
    return [...this.#networks.values()].flatMap(({ gateway }) => gateway ?? []);
  }

  #byMac(settingOf: (name: string) => Setting | undefined): ReadonlyMap<string, string> {
    const entries = this.#cards.map(({ mac, index }) => [mac, settingOf(`eth${index}`)?.address] as const);
    return new Map(entries.flatMap(([mac, address]) => (address === undefined ? [] : [[mac, address]])));
  }

  #show(): void {
    const routes = [...this.#networks].flatMap(([name, { gateway }]) =>
      gateway === undefined
        ? []
        : [`${name}\t00000000\t${hexOf(gateway)}\t0003\t0\t0\t0\t00000000\t0\t0\t0\n`],
    );
    this.#files.addFile("/proc/net/route", `Iface\n${routes.join("")}`);
  }

  #describe(): string {
    const cards = this.#cards.map(({ index }) => {
      const address = this.#networks.get(`eth${index}`)?.address;
      const own = address === undefined ? "" : `    inet ${address} scope global eth${index}\n${FOREVER}`;
      return `${index + 2}: eth${index}: <BROADCAST,MULTICAST,UP,LOWER_UP> ${LINK}${own}`;
    });
    return [`1: lo: <LOOPBACK,UP> ${LINK}`, ...cards].join("");
  }
}

const LINK = "mtu 1500 qdisc noqueue\n";
const FOREVER = "       valid_lft forever preferred_lft forever\n";

/** An IPv4 address as `/proc/net/route` has it. */
function hexOf(address: string): string {
  const bytes = address.split(".").toReversed();
  return bytes.map((byte) => Number(byte).toString(16).padStart(2, "0")).join("");
}
