import { type GuestProgram, guestPrograms } from "./enclosure.ts";
import type { GuestFile, GuestLink } from "./guest-files.ts";
import { programPath } from "./program-files.ts";

const UNITS = "/etc/systemd/system";

const orders: Readonly<Record<GuestProgram, string>> = {
  "xe-daemon": "Before=nova-agent.service network-pre.target",
  "nova-agent": "Before=network-pre.target",
};

/**
 * The units of a guest's programs, as an image has them in which the agent's package is installed. A demo
 * guest has no systemd: they say to whoever looks, as the doctor does, that a boot starts the programs.
 */
export const serviceFiles: readonly GuestFile[] = guestPrograms.map((program) => ({
  path: `${UNITS}/${program}.service`,
  content: `[Unit]
Description=${program} of a demo guest
${orders[program]}

[Service]
ExecStart=${programPath(program)}

[Install]
WantedBy=multi-user.target
`,
  mode: 0o644,
}));

/** What enables them (systemctl(1), "enable"). */
export const serviceLinks: readonly GuestLink[] = serviceFiles.map(({ path }) => ({
  path: path.replace(UNITS, `${UNITS}/multi-user.target.wants`),
  target: path,
}));
