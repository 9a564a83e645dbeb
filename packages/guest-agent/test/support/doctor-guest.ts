import { readFileSync } from "node:fs";
import { join } from "node:path";
import { encodeUtf8, XenstoreClient } from "@nova-agent/xenstore";
import { nodeClock } from "@nova-agent/xenstore/node";
import { repositoryRoot } from "@nova-agent/testbed";
import { planReset } from "../../src/commands/resetnetwork.ts";
import { SECOND_LOOK_MS } from "../../src/doctor/limits.ts";
import { execute } from "../../src/system/executor.ts";
import { readResetFacts, readWantedGuest } from "../../src/system/reset-facts.ts";
import { DOMID, prepareGuest } from "./agent-harness.ts";
import { createFakeSystem, FAKE_UNIX_TIME, type FakeResult, type FakeSystem } from "./fake-system.ts";
import { createMemoryXenstore } from "./memory-xenstore.ts";
import { createReader } from "./vm-data.ts";

const MEBIBYTE = 1024 * 1024;
const AGENT_PID = 700;
const PUBLISHER_PID = 600;

/** The one network that the host wants. */
export const wanted: Readonly<Record<string, string>> = {
  "vm-data/hostname": "web01",
  "vm-data/networking/BC764E206C5B": JSON.stringify({
    label: "public",
    mac: "BC:76:4E:20:6C:5B",
    gateway: "198.51.100.1",
    ips: [{ ip: "198.51.100.10", netmask: "255.255.255.0", enabled: "1" }],
    dns: ["192.0.2.53"],
  }),
};

const PUBLISHER_UNIT = "[Service]\nExecStart=/usr/sbin/xe-daemon\n[Install]\nWantedBy=multi-user.target\n";

/** What `nova-agent.service` says, ordered behind the publishers. */
export const agentUnit = readFileSync(join(repositoryRoot(), "packaging/nova-agent.service"), "utf8").replace(
  "[Unit]\n",
  "[Unit]\nAfter=xe-linux-distribution.service xe-daemon.service\n",
);

/** The clock of the machine, but that nobody waits for the second look at requests. */
const clock: FakeSystem["clock"] = {
  nowMs: () => nodeClock.nowMs(),
  after: (delayMs, callback) => nodeClock.after(delayMs === SECOND_LOOK_MS ? 0 : delayMs, callback),
};

const IP_ADDRESS_SHOW = `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default
    inet 127.0.0.1/8 scope host lo
       valid_lft forever preferred_lft forever
2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP group default
    link/ether bc:76:4e:20:6c:5b brd ff:ff:ff:ff:ff:ff
    inet 198.51.100.10/24 brd 198.51.100.255 scope global eth0
       valid_lft forever preferred_lft forever
`;

const ROUTES = [
  "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT",
  "eth0\t00000000\t016433C6\t0003\t0\t0\t0\t00000000\t0\t0\t0",
  "eth0\t006433C6\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0",
  "",
].join("\n");

/** What can be unusual about a guest. */
export interface DoctorGuestOptions {
  /** Instead of `wanted`, in XenStore alone: the guest is as `wanted` has it. */
  readonly vmData?: Readonly<Record<string, string>>;
  /** Where the examined files are; those of the running system are there in any case. */
  readonly root?: string;
  readonly run?: (argv: readonly string[]) => FakeResult | undefined;
}

/** A guest of which everything is as it should be, with systemd and ifupdown. */
export async function createDoctorGuest(options: DoctorGuestOptions = {}): Promise<FakeSystem> {
  const { vmData = wanted, root = "/" } = options;
  const xenstore = createMemoryXenstore();
  const host = await XenstoreClient.open({ connect: xenstore.connectHost, clock: nodeClock });
  await prepareGuest(host);
  const base = `/local/domain/${DOMID}`;
  for (const [path, value] of Object.entries(vmData)) await host.write(`${base}/${path}`, encodeUtf8(value));
  await host.close();
  const system = createFakeSystem({
    clock,
    connectXenstore: xenstore.connectGuest,
    run: ({ argv }) => options.run?.(argv) ?? answerOf(argv),
  });
  addRunning(system);
  addFiles(system, root === "/" ? "" : root);
  await applyNetwork(system, root);
  return system;
}

function answerOf(argv: readonly string[]): FakeResult {
  const line = argv.join(" ");
  if (line === "ip address show") return { stdout: IP_ADDRESS_SHOW };
  if (line.startsWith("timedatectl")) return { stdout: "yes\n" };
  return { stdout: argv[0] === "hostname" ? "web01\n" : "" };
}

/** What the kernel shows of itself and of processes. */
function addRunning({ files, disks }: FakeSystem): void {
  files.addFile("/sys/hypervisor/type", "xen\n");
  files.addOther("/dev/xen/xenbus");
  files.addFile("/sys/class/net/eth0/address", "bc:76:4e:20:6c:5b\n");
  files.addFile("/sys/class/net/eth0/device/nodename", "device/vif/0");
  files.addFile("/proc/sys/kernel/hostname", "web01\n");
  files.addFile("/proc/net/route", ROUTES);
  addProcess(files, AGENT_PID, ["/usr/bin/nova-agent"]);
  addProcess(files, PUBLISHER_PID, ["/usr/sbin/xe-daemon"]);
  addStatus(files, {});
  for (const path of ["/", "/etc", "/var/lib", "/run"])
    disks.set(path, { sizeBytes: 8192 * MEBIBYTE, freeBytes: 4096 * MEBIBYTE });
}

/** Puts a process into `/proc`. */
export function addProcess(files: FakeSystem["files"], pid: number, words: readonly string[]): void {
  files.addFile(`/proc/${pid}/cmdline`, words.map((word) => `${word}\0`).join(""));
  files.addFile(`/proc/${pid}/stat`, `${pid} (nova-agent) S 1${" 0".repeat(17)} 4242 0 0\n`);
}

/** What the service tells of itself; of a process that lives unless it says otherwise. */
export function addStatus(files: FakeSystem["files"], changed: Readonly<Record<string, unknown>>): void {
  const status = {
    version: "3.0.0",
    pid: AGENT_PID,
    startTicks: 4242,
    startedAt: FAKE_UNIX_TIME - 90,
    requests: [],
  };
  files.addFile("/run/nova-agent/status.json", JSON.stringify({ ...status, ...changed }));
}

function addFiles({ files }: FakeSystem, root: string): void {
  const units = `${root}/lib/systemd/system`;
  files.addFile(`${root}/lib/systemd/systemd`, "");
  files.addLink(`${root}/sbin/init`, "/lib/systemd/systemd");
  files.addFile(`${units}/nova-agent.service`, agentUnit);
  for (const name of ["xe-linux-distribution", "xe-daemon"])
    files.addFile(`${units}/${name}.service`, PUBLISHER_UNIT);
  for (const name of ["nova-agent", "xe-linux-distribution", "xe-daemon"])
    files.addLink(
      `${root}/etc/systemd/system/multi-user.target.wants/${name}.service`,
      `/lib/systemd/system/${name}.service`,
    );
  files.addFile(`${root}/etc/passwd`, "root:x:0:0:root:/root:/bin/bash\n");
  files.addFile(`${root}/etc/shadow`, "root:$6$salt$hash:20000:0:99999:7:::\n");
  files.addFile(`${root}/etc/hostname`, "debian\n");
  files.addFile(`${root}/etc/hosts`, "127.0.0.1\tlocalhost\n127.0.1.1\tdebian\n");
  files.addFile(`${root}/sbin/ifup`, "");
  files.addFile(`${root}/sbin/resolvconf`, "");
  const interfaces = "auto lo eth0\niface lo inet loopback\niface eth0 inet dhcp\n";
  files.addFile(`${root}/etc/network/interfaces`, interfaces);
}

/** Has the guest's files say what `wanted` says. */
async function applyNetwork(system: FakeSystem, root: string): Promise<void> {
  const guest = { system, root: "/" };
  const facts = await readResetFacts(await readWantedGuest(createReader(wanted)), guest);
  const { kernel: _kernel, ...network } = facts.network;
  // The files of another root are planned as if they were the running system's.
  const moved = root === "/" ? network : { ...network, ...(await filesBelow(system, root)) };
  await execute(
    { ...planReset({ ...facts, network: moved }), isRecorded: false },
    { system, root, isBeforeNetwork: true },
  );
}

async function filesBelow({ files }: FakeSystem, root: string) {
  const { readNetworkFacts } = await import("../../src/system/network-facts.ts");
  const { rootFiles } = await import("../../src/system/rooted-files.ts");
  const { vifs: _vifs, ...rest } = readNetworkFacts(rootFiles(files, root));
  return rest;
}
