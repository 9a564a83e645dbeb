import type { GuestSystem } from "./guest-system.ts";

/** One thing to look at or to do in a guest whose agent does not answer. */
export interface TroubleshootingStep {
  readonly title: string;
  /** What to see, and what to do about it. */
  readonly text: string;
  /** To be typed as root; in Windows in PowerShell as administrator. */
  readonly commands: string;
}

/** What stands above the steps. */
export interface TroubleshootingIntroduction {
  readonly text: string;
  /** Undefined where the agent has no doctor. */
  readonly commands: string | undefined;
}

type BySystem = Readonly<Record<GuestSystem, string>>;

interface Row {
  readonly title: string;
  readonly text: string;
  readonly commands: BySystem;
  /** In place of `text`. */
  readonly texts?: Partial<BySystem>;
}

/** In the order in which they are worth it; the last way out is rescue mode. */
const rows: readonly Row[] = [
  {
    title: "Is the agent running?",
    text: "It has to be there once. If it is not, go on; if it is, its log says what it does.",
    commands: {
      systemd: "systemctl status nova-agent",
      openrc: "rc-service nova-agent status",
      sysv: "service nova-agent status",
      freebsd: "pgrep -fl nova-agent",
      windows: "Get-Service RackspaceCloudServersAgent",
      unknown: "ps aux | grep '[n]ova-agent'",
    },
  },
  {
    title: "Does it start with the system?",
    text: "A service that nobody has enabled is gone after the next boot.",
    commands: {
      systemd: "systemctl is-enabled nova-agent\nsystemctl enable --now nova-agent",
      openrc: "rc-update show default | grep nova-agent\nrc-update add nova-agent default",
      sysv: "ls /etc/rc?.d | grep nova-agent\nchkconfig nova-agent on || update-rc.d nova-agent defaults",
      freebsd: "service -l | grep nova\nsysrc nova_agent_enable=YES",
      windows:
        "Get-Service RackspaceCloudServersAgent | Select-Object StartType\nSet-Service RackspaceCloudServersAgent -StartupType Automatic",
      unknown: "ls /etc/rc?.d /etc/init.d 2>/dev/null | grep nova-agent",
    },
  },
  {
    title: "What does its log say?",
    text: "The last lines name what it did, and what stopped it. A wrong setting ends it with the file and the line.",
    commands: {
      systemd: "journalctl -u nova-agent -n 50 --no-pager",
      openrc: "tail -n 50 /var/log/nova-agent.log",
      sysv: "tail -n 50 /var/log/nova-agent.log",
      freebsd: "tail -n 50 /var/log/nova-agent.log",
      windows: `Get-Content "C:\\Program Files\\Rackspace\\Cloud Servers\\Agent\\Agentlog.txt" -Tail 50`,
      unknown: "tail -n 50 /var/log/nova-agent.log || journalctl -u nova-agent -n 50 --no-pager",
    },
  },
  {
    title: "Is XenStore there?",
    text: "The agent hears of the host by XenStore alone, through the device xenbus. Old systems have it when the file system xenfs is mounted; where neither helps, the kernel has no Xen support.",
    texts: {
      windows:
        "The agent hears of the host by XenStore alone, through the Xen PV drivers. Without them, install the host's guest tools first.",
    },
    commands: {
      systemd: "ls -l /dev/xen/xenbus || mount -t xenfs xenfs /proc/xen",
      openrc: "ls -l /dev/xen/xenbus || mount -t xenfs xenfs /proc/xen",
      sysv: "ls -l /dev/xen/xenbus || mount -t xenfs xenfs /proc/xen",
      freebsd: "sysctl kern.vm_guest\nls -l /dev/xen",
      windows: `Get-PnpDevice -FriendlyName "*Xen*"`,
      unknown: "ls -l /dev/xen/xenbus || mount -t xenfs xenfs /proc/xen",
    },
  },
  {
    title: "Does xe-daemon start first?",
    text: "xe-daemon, the guest tools, tells the host that the guest has booted, and starts before the agent. Start it, then the agent.",
    texts: {
      windows: "XenSvc, the host's guest tools, reports to the host. Start it, then the agent.",
    },
    commands: {
      systemd:
        "systemctl status xe-daemon\nsystemctl enable --now xe-daemon\nsystemctl show -p After nova-agent | grep -o 'xe-[a-z-]*'",
      openrc: "rc-service xe-linux-distribution status\nrc-update add xe-linux-distribution default",
      sysv: "service xe-linux-distribution status\nls /etc/rc3.d /etc/rc2.d | grep -e xe-linux -e nova-agent",
      freebsd: "pgrep -fl -e xe-daemon -e xen-guest-agent",
      windows: "Get-Service XenSvc\nStart-Service XenSvc",
      unknown: "ps aux | grep '[x]e-daemon'",
    },
  },
  {
    title: "Restart the agent",
    text: "It takes up what the host asks within some seconds; then press Examine here.",
    commands: {
      systemd: "systemctl restart nova-agent\nsystemctl status nova-agent",
      openrc: "rc-service nova-agent restart",
      sysv: "service nova-agent restart",
      freebsd: "service nova-agent restart",
      windows: "Restart-Service RackspaceCloudServersAgent",
      unknown: "/etc/init.d/nova-agent restart || systemctl restart nova-agent",
    },
    texts: {
      freebsd:
        "It takes up what the host asks within some seconds; then press Examine here. Where the second step has listed another name, take that.",
    },
  },
  {
    title: "Install it again",
    text: "Copy the package of the newest release to the guest. What is configured in /etc/nova-agent.conf stays.",
    texts: {
      freebsd:
        "Install the agent for FreeBSD as the provider of the image has it; nova-agent 3 is for Linux.",
      windows:
        "Stop the service, then run the setup of the agent that the provider of the image has; nova-agent 3 is for Linux.",
    },
    commands: {
      systemd: "dpkg -i nova-agent_*.deb || rpm -U --force nova-agent-*.rpm",
      openrc: "tar -xzf nova-agent-*.tar.gz && nova-agent-*/install.sh",
      sysv: "dpkg -i nova-agent_*.deb || rpm -U --force nova-agent-*.rpm",
      freebsd: "pkg info -x nova",
      windows: "Stop-Service RackspaceCloudServersAgent",
      unknown: "tar -xzf nova-agent-*.tar.gz && nova-agent-*/install.sh",
    },
  },
];

/** What to look at in a guest of this system, in this order. */
export function troubleshootingSteps(system: GuestSystem): readonly TroubleshootingStep[] {
  return rows.map(({ title, text, texts, commands }) => ({
    title,
    text: texts?.[system] ?? text,
    commands: commands[system],
  }));
}

/** Where the steps are typed, and the command that does most of them by itself. */
export function introduceTroubleshooting(system: GuestSystem): TroubleshootingIntroduction {
  if (system === "windows") {
    return {
      text: "Log in at the console or by Remote Desktop, and open PowerShell as administrator.",
      commands: undefined,
    };
  }
  const text = "Log in as root, at the console or by SSH.";
  if (system === "freebsd") return { text, commands: undefined };
  return {
    text: `${text} The agent's own doctor looks at all of this at once, also when the agent does not run, and names the command that mends what it finds:`,
    commands: "nova-agent doctor",
  };
}
