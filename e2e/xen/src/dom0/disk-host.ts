import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { DomainInfo } from "@nova-agent/host";
import { XlToolstack, type XlImage } from "@nova-agent/host/xl";
import { isPresent, runChecked, waitFor } from "@nova-agent/testbed";
import { PROGRAM_TIMEOUT_MS, SHOWN_AGENT_LINES } from "../limits.ts";
import type { GuestKind } from "../runs.ts";
import { type CommandOutcome, GuestShell } from "./guest-shell.ts";
import { type Host, openHost } from "./world.ts";
import type { LogSource } from "./xen-test.ts";

/** A host whose guests have disks, and are made by the host's own toolstack. */
export interface DiskHost extends Host, LogSource {
  /** On the real xl. */
  readonly toolstack: XlToolstack;
  /** Output of a script in a guest that has to succeed. */
  run(guest: Pick<DomainInfo, "domid">, script: string): Promise<string>;
  /** Runs a script in a guest, and tells how it ended. */
  attempt(guest: Pick<DomainInfo, "domid">, script: string): Promise<CommandOutcome>;
  /** Whether the instance has any disk. */
  hasDisks(id: string): Promise<boolean>;
  /** Lets this process end; the guests end with the machine. */
  close(): Promise<void>;
}

/** What guests on disks take, in MiB. */
export const diskGuestMemoryMib: Readonly<Record<GuestKind, number>> = { plain: 192, systemd: 384 };

const limit = { timeoutMs: PROGRAM_TIMEOUT_MS };

/** What Xen's toolstack wrote last of each domain. */
const tailOfXl = ["sh", "-c", "tail -n 20 /var/log/xen/xl-*.log 2>&1 || true"] as const;

const directory = "/run/nova-disks";

/** Makes the networks, and room for disks in memory. */
export async function openDiskHost(): Promise<DiskHost> {
  const host = await openHost();
  await mkdir(directory);
  await runChecked({ argv: ["mount", "-t", "tmpfs", "-o", "size=75%", "disks", directory], ...limit });
  const { xenstore } = host;
  const toolstack = new XlToolstack({
    xenstore,
    images: { plain: imageOf("plain"), systemd: imageOf("systemd") },
    configDirectory: "/run/nova-config",
    diskDirectory: directory,
    vifScript: "vif-plug",
  });
  const attempt: DiskHost["attempt"] = async ({ domid }, script) => {
    const terminal = await waitFor(
      () => xenstore.readText(`/local/domain/${domid}/console/tty`).catch(() => undefined),
      { what: `the terminal of domain ${domid}`, timeoutMs: PROGRAM_TIMEOUT_MS },
    );
    const shell = await GuestShell.open(terminal);
    try {
      return await shell.attempt(script);
    } finally {
      shell.close();
    }
  };
  const run: DiskHost["run"] = async (guest, script) => {
    const { status, output } = await attempt(guest, script);
    if (status === 0) return output;
    throw new Error(`In domain ${guest.domid}, status ${status} of: ${script}\n${output}`);
  };
  const readLog = async (): Promise<string> => {
    const logs = (await toolstack.list()).map(async (domain) => {
      const { output } = await attempt(domain, `agent-log ${SHOWN_AGENT_LINES}`);
      return `Domain ${domain.domid}, ${domain.name}:\n${output}`;
    });
    return [...(await Promise.all(logs)), await runChecked({ argv: tailOfXl, ...limit })].join("\n");
  };
  const close = async (): Promise<void> => {
    await toolstack.close();
    await xenstore.close();
  };
  const hasDisks = (id: string): Promise<boolean> => isPresent(join(directory, id));
  return { ...host, toolstack, run, attempt, hasDisks, readLog, close };
}

/** The domain of an instance that has one. */
export async function domainOf({ toolstack }: DiskHost, id: string): Promise<DomainInfo> {
  const domain = await toolstack.find(id);
  if (domain === undefined) throw new Error(`Instance ${id} has no domain`);
  return domain;
}

function imageOf(kind: GuestKind): XlImage {
  return {
    type: "pv",
    boot: {
      kind: "kernel",
      kernel: "/guest/vmlinuz",
      ramdisk: "/guest/initrd.cpio",
      commandLine: "console=hvc0 quiet mitigations=off panic=5",
    },
    disk: { path: `/guest/${kind}.img`, format: "raw", layout: "whole" },
  };
}
