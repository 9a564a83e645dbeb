import type { StaticProgram } from "@nova-agent/quickjs/build";
import type { PackagedFile } from "./packaged-file.ts";

/** What kinds of package are built. */
export type Format = "deb" | "rpm" | "tar";

/** A package: one static executable and what belongs to it. */
export interface PackageDescription {
  /** The manual's pages, each with its section as the ending. */
  readonly manualPages: readonly string[];
  /** Whether it is for guests, and so has services and a configuration. */
  readonly hasServices: boolean;
}

/** Every package, by the name of its executable and its own. */
export const packageDescriptions: Readonly<Record<StaticProgram, PackageDescription>> = {
  "nova-agent": {
    manualPages: [
      "nova-agent.8",
      "nova-agent-network.8",
      "nova-agent-undo.8",
      "nova-agent-doctor.8",
      "nova-agent-rescue.8",
      "nova-agent-status.8",
      "xe-daemon.8",
      "xe-linux-distribution.8",
      "nova-agent.conf.5",
    ],
    hasServices: true,
  },
  guestctl: { manualPages: ["guestctl.8"], hasServices: false },
};

/** Services as SysV, OpenRC and Upstart know them; the first is an alias with systemd. */
const serviceNames = ["xe-linux-distribution", "nova-agent"] as const;

/** A package to be filled. */
export interface ContentsOptions {
  readonly name: StaticProgram;
  readonly format: Format;
  /** Path of the static executable. */
  readonly program: string;
}

/** Everything in a package. */
export function contentsOf({ name, format, program }: ContentsOptions): readonly PackagedFile[] {
  const { manualPages, hasServices } = packageDescriptions[name];
  return [
    file(`usr/bin/${name}`, program, { mode: 0o755 }),
    ...(hasServices ? servicesOf(format) : []),
    ...(format === "tar"
      ? [file(`usr/lib/${name}/uninstall.sh`, `tar/${name}/uninstall.sh`, { mode: 0o755 })]
      : []),
    ...manualPages.map((page) =>
      file(`usr/share/man/man${page.slice(-1)}/${page}.gz`, `man/${page}`, { isCompressed: true }),
    ),
    file(`usr/share/doc/${name}/changelog.gz`, "../CHANGELOG.md", { isCompressed: true }),
    // Debian's name of it (Debian Policy, 12.5).
    file(`usr/share/doc/${name}/${format === "deb" ? "copyright" : "LICENSE"}`, "../LICENSE"),
  ];
}

function servicesOf(format: Format): PackagedFile[] {
  return [
    link("usr/sbin/xe-daemon", "../bin/nova-agent"),
    link("usr/sbin/xe-linux-distribution", "../bin/nova-agent"),
    file("etc/nova-agent.conf", "nova-agent.conf", { isConfiguration: true }),
    file("etc/logrotate.d/nova-agent", "nova-agent.logrotate", { isConfiguration: true }),
    file("usr/lib/nova-agent/services.sh", "services.sh", { mode: 0o755 }),
    file("usr/lib/nova-agent/init-functions", "sysv/init-functions"),
    ...unitsIn(format === "deb" ? "lib/systemd/system" : "usr/lib/systemd/system"),
    ...(format === "deb" ? debianScripts() : scriptsToPlace()),
  ];
}

function unitsIn(folder: string): PackagedFile[] {
  return [
    file(`${folder}/nova-agent.service`, "nova-agent.service"),
    file(`${folder}/xe-daemon.service`, "xe-daemon.service"),
    // Not by Alias= in the units: systemctl(1) enables a vendor's link, and refuses a link in /etc.
    link(`${folder}/python3-nova-agent.service`, "nova-agent.service"),
    link(`${folder}/xe-linux-distribution.service`, "xe-daemon.service"),
  ];
}

/** dpkg(1) keeps the user's changes to them; systemd has units of these names, and so leaves them alone. */
function debianScripts(): PackagedFile[] {
  return serviceNames.flatMap((name) => [
    file(`etc/init.d/${name}`, `sysv/${name}`, { mode: 0o755, isConfiguration: true }),
    file(`etc/init/${name}.conf`, `upstart/${name}.conf`, { isConfiguration: true }),
  ]);
}

/** Which of them goes where is known in the guest only: services.sh puts them in place. */
function scriptsToPlace(): PackagedFile[] {
  const folder = "usr/share/nova-agent/init";
  return serviceNames.flatMap((name) => [
    file(`${folder}/sysv/${name}`, `sysv/${name}`, { mode: 0o755 }),
    file(`${folder}/openrc/${name}`, `openrc/${name}`, { mode: 0o755 }),
    file(`${folder}/upstart/${name}.conf`, `upstart/${name}.conf`),
  ]);
}

interface FileOptions {
  readonly mode?: number;
  readonly isConfiguration?: boolean;
  readonly isCompressed?: boolean;
}

function file(path: string, source: string, options: FileOptions = {}): PackagedFile {
  return { kind: "file", path, source, mode: 0o644, isConfiguration: false, isCompressed: false, ...options };
}

function link(path: string, target: string): PackagedFile {
  return { kind: "link", path, target };
}
