import {
  addProcess,
  addStatus,
  agentUnit,
  type DoctorGuestOptions,
  wanted,
} from "../support/doctor-guest.ts";
import { FAKE_UNIX_TIME, type FakeSystem } from "../support/fake-system.ts";

const MEBIBYTE = 1024 * 1024;
const REQUEST = "00000000-0000-4000-8000-000000000001";

/** What is wrong with a guest, and all that is told of it. */
export interface Case {
  readonly name: string;
  readonly options?: DoctorGuestOptions;
  readonly spoil?: (system: FakeSystem) => void;
  readonly found: readonly RegExp[];
}

/** Where systemd has what it starts with the system. */
export const WANTS = "/etc/systemd/system/multi-user.target.wants";
const UNITS = "/lib/systemd/system";

function shadow(line: string): (system: FakeSystem) => void {
  return ({ files }) => files.addFile("/etc/shadow", `${line}\n`);
}

/** What the host wants, and a request that waits. */
export function request(name: string): Record<string, string> {
  return { ...wanted, [`data/host/${REQUEST}`]: JSON.stringify({ name, value: "" }) };
}

const today = Math.floor(FAKE_UNIX_TIME / 86_400);

/** Guests with something wrong each. */
export const cases: readonly Case[] = [
  {
    name: "dom0",
    spoil: ({ files }) => files.addFile("/proc/xen/capabilities", "control_d\n"),
    found: [/^problem xen-guest: This is dom0/],
  },
  {
    name: "an agent that is masked",
    spoil: ({ files }) => files.addLink("/etc/systemd/system/nova-agent.service", "/dev/null"),
    found: [
      /^problem service: .+ by \/etc\/.+ -> systemctl unmask nova-agent; systemctl enable --now nova-agent$/,
    ],
  },
  {
    name: "an agent that is not enabled",
    spoil: ({ files }) => files.remove(`${WANTS}/nova-agent.service`),
    found: [/^problem service: nova-agent does not start .+ -> systemctl enable --now nova-agent$/],
  },
  {
    name: "an agent that is not installed",
    spoil: ({ files }) => {
      files.remove(`${WANTS}/nova-agent.service`);
      files.remove(`${UNITS}/nova-agent.service`);
    },
    found: [
      /^problem service: No service nova-agent is installed \(systemd\) -> Install the package nova-agent/,
    ],
  },
  {
    name: "an agent that does not run",
    spoil: ({ files }) => files.remove("/proc/700/cmdline"),
    found: [
      /^problem service: nova-agent does not run -> systemctl restart nova-agent; journalctl -u nova-agent -n 50$/,
    ],
  },
  {
    name: "two agents",
    spoil: ({ files }) =>
      addProcess(files, 701, ["/usr/bin/python3", "-Es", "/usr/bin/nova-agent", "--no-fork"]),
    found: [/^problem service: Several agents .+: processes 700, 701 -> kill 700$/],
  },
  {
    name: "an agent that is not ordered behind xe-daemon",
    spoil: ({ files }) =>
      files.addFile(`${UNITS}/nova-agent.service`, agentUnit.replace(" xe-daemon.service", "")),
    found: [/^warning start-order: nova-agent is not ordered behind xe-daemon -> /],
  },
  {
    name: "an agent that is not ordered before the network",
    spoil: ({ files }) =>
      files.addFile(
        `${UNITS}/nova-agent.service`,
        agentUnit.replace("Before=network-pre.target ", "Before="),
      ),
    found: [/^warning start-order: nova-agent is not ordered before the network in \/lib\/systemd/],
  },
  {
    name: "an xe-daemon that does not run",
    spoil: ({ files }) => files.remove("/proc/600/cmdline"),
    found: [/^warning xe-daemon: xe-daemon does not run -> systemctl restart xe-daemon$/],
  },
  {
    name: "no xe-daemon",
    spoil: ({ files }) => {
      for (const name of ["xe-daemon", "xe-linux-distribution"]) {
        files.remove(`${WANTS}/${name}.service`);
        files.remove(`${UNITS}/${name}.service`);
      }
      files.remove("/proc/600/cmdline");
    },
    found: [/^warning xe-daemon: No xe-daemon is installed/],
  },
  {
    name: "a request that nobody takes",
    options: { vmData: request("version") },
    found: [
      /^problem requests: Requests wait and nobody serves them: version 0{8}-.+ -> systemctl restart nova-agent$/,
    ],
  },
  {
    name: "a request that is worked on",
    options: { vmData: request("version") },
    spoil: ({ files }) =>
      addStatus(files, { inHand: { id: "x", name: "resetnetwork", since: FAKE_UNIX_TIME - 40 } }),
    found: [/^warning requests: resetnetwork x has been worked on for 40 s; 1 wait -> Wait/],
  },
  {
    name: "a request that is none",
    options: { vmData: { ...wanted, [`data/host/${REQUEST}`]: "rubbish" } },
    found: [/^problem requests: .+: no request 0{8}-/],
  },
  {
    name: "a request that has failed",
    options: {
      vmData: {
        ...wanted,
        [`data/guest/${REQUEST}`]: JSON.stringify({ returncode: "500", message: "No\u001b[2J" }),
      },
    },
    found: [/^warning requests: A request has failed: 0{8}-.+ \(500: No\\x1b\[2J\) -> /],
  },
  {
    name: "a failure that the service remembers",
    spoil: ({ files }) =>
      addStatus(files, {
        requests: [{ id: "x", name: "password", returncode: "500", durationMs: 3, at: 1 }],
      }),
    found: [/^warning requests: A request has failed: password x \(500\) -> /],
  },
  {
    name: "a network that cannot be understood",
    options: { vmData: { ...wanted, "vm-data/networking/BC764E206C5B": "{" } },
    found: [/^problem vm-data: .*BC764E206C5B.* -> Have the host's operator look/],
  },
  {
    name: "vm-data without a network",
    options: { vmData: { "vm-data/hostname": "web01" } },
    found: [/^warning vm-data: vm-data names no network -> /],
  },
  {
    name: "a network without its VIF, and a VIF without its network",
    spoil: ({ files }) => {
      files.addFile("/sys/class/net/eth1/address", "bc:76:4e:00:00:01\n");
      files.addFile("/sys/class/net/eth1/device/nodename", "device/vif/1");
    },
    options: {
      vmData: {
        ...wanted,
        "vm-data/networking/BC764E000002": JSON.stringify({ mac: "BC:76:4E:00:00:02", label: "lost" }),
      },
    },
    found: [
      /^problem vm-data: No VIF has the MAC address bc:76:4e:00:00:02 \(lost\) -> Plug that VIF in/,
      /^warning vm-data: vm-data says nothing of eth1 \(bc:76:4e:00:00:01\)/,
    ],
  },
  {
    name: "a network file that somebody has changed",
    spoil: ({ files }) => files.addFile("/etc/network/interfaces", "iface eth0 inet dhcp\nauto eth0\n"),
    found: [/^problem network-files: Not as .+: \/etc\/network\/interfaces -> nova-agent network apply$/],
  },
  {
    name: "a guest whose network nobody manages",
    spoil: ({ files }) => files.remove("/sbin/ifup"),
    found: [
      /^problem network-files: Couldn't figure out what keeps the network .+ -> nova-agent network show$/,
    ],
  },
  {
    name: "a kernel without the address",
    options: {
      run: (argv) =>
        argv[0] === "ip"
          ? { stdout: "2: eth0: <UP> mtu 1500\n    link/ether bc:76:4e:20:6c:5b brd ff:ff:ff:ff:ff:ff\n" }
          : undefined,
    },
    found: [/^problem network-kernel: .*198\.51\.100\.10.* -> nova-agent network apply$/],
  },
  {
    name: "cloud-init that nobody has told",
    spoil: ({ files }) => files.addFile("/usr/bin/cloud-init", ""),
    found: [
      /^problem network-files: .+99-nova-agent-network\.cfg/,
      /^warning network-managers: cloud-init would write .+ -> nova-agent network apply$/,
    ],
  },
  {
    name: "a locked password",
    spoil: shadow("root:!$6$salt$hash:20000:0:99999:7:::"),
    found: [/^warning root-password: The password of root is locked; .+ -> passwd root$/],
  },
  {
    name: "no password",
    spoil: shadow("root::20000::::::"),
    found: [/^problem root-password: root has no password/],
  },
  {
    name: "no root",
    spoil: shadow("other:*:20000::::::"),
    found: [/^problem root-password: root is not in/],
  },
  {
    name: "shadow passwords that cannot be read",
    spoil: ({ files }) => files.remove("/etc/shadow"),
    found: [/^problem root-password: \/etc\/shadow cannot be read -> Run this as root$/],
  },
  {
    name: "an account that has expired",
    spoil: shadow(`root:$6$s$h:20000:0:99999:7::${today}:`),
    found: [/^problem root-password: The account root has expired -> chage -E -1 root$/],
  },
  {
    name: "a password that has expired",
    spoil: shadow(`root:$6$s$h:${today - 91}:0:90:7:::`),
    found: [/^problem root-password: The password of root has expired -> chage -M -1 root$/],
  },
  {
    name: "a password that must be changed",
    spoil: shadow("root:$6$s$h:0:0:99999:7:::"),
    found: [/^warning root-password: root must change the password at the next login -> chage -d \d+ root$/],
  },
  {
    name: "a shell that lets nobody in, and logins that are off",
    spoil: ({ files }) => {
      files.addFile("/etc/passwd", "root:x:0:0:root:/root:/sbin/nologin\n");
      files.addFile("/etc/nologin", "");
    },
    found: [
      /^problem root-password: root has the shell \/sbin\/nologin.+ -> usermod -s \/bin\/sh root$/,
      /^warning root-password: \/etc\/nologin .+ -> rm \/etc\/nologin$/,
    ],
  },
  {
    name: "a full disk and one that is nearly full",
    spoil: ({ disks }) => {
      disks.set("/", { sizeBytes: 100 * MEBIBYTE, freeBytes: 0 });
      disks.set("/run", { sizeBytes: 60 * MEBIBYTE, freeBytes: 20 * MEBIBYTE });
    },
    found: [
      /^problem disk: \/ has 0 of 100 MiB free -> du -xh \/ /,
      /^warning disk: \/run has 20 of 60 MiB free/,
    ],
  },
  {
    name: "a clock that nobody keeps right",
    options: { run: (argv) => (argv[0] === "timedatectl" ? { stdout: "no\n" } : undefined) },
    found: [/^warning clock: It is 2026-01-02T03:04 UTC here, .+ -> timedatectl set-ntp true$/],
  },
  {
    name: "another version than the one that is installed",
    spoil: ({ files }) => addStatus(files, { version: "2.9.0" }),
    found: [/^warning version: 2\.9\.0 runs and 3\.0\.0 is installed -> systemctl restart nova-agent$/],
  },
  {
    name: "a package that hosts would update",
    spoil: ({ files }) =>
      files.addFile(
        "/var/lib/dpkg/status",
        "Package: python3-nova-agent\nStatus: install ok installed\nVersion: 2.1.9-1\n\nPackage: other\n",
      ),
    found: [/^problem version: python3-nova-agent 2\.1\.9-1 is too old: hosts want 2\.1\.25 -> /],
  },
  {
    name: "a host that wants a newer agent",
    spoil: ({ files }) =>
      addStatus(files, {
        requests: [{ id: "x", name: "agentupdate", returncode: "500", durationMs: 3, at: 1 }],
      }),
    found: [
      /^warning requests: .+agentupdate x/,
      /^warning version: The host wants a newer agent than 3\.0\.0 -> /,
    ],
  },
  {
    name: "a setting that is not known",
    spoil: ({ files }) => files.addFile("/etc/nova-agent.conf", "colour = red\n"),
    found: [
      /^problem configuration: \/etc\/nova-agent\.conf:1: Unknown setting "colour".+ -> Mend that line/,
    ],
  },
  {
    name: "a change that was cut off",
    spoil: ({ files }) => files.addFile("/var/lib/nova-agent/journal", ""),
    found: [/^warning unfinished-change: A change .+ -> systemctl restart nova-agent$/],
  },
];
