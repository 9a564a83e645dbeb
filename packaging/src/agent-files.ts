import { file, link, type PackagedFile } from "./packaged-file.ts";
import type { Format } from "./package-options.ts";

/** Services as SysV, OpenRC and Upstart know them; the first is an alias with systemd. */
const serviceNames = ["xe-linux-distribution", "nova-agent"] as const;

/** What guests have beside the executable: its other names, the configuration, and scripts of every init system. */
export function agentFiles(format: Format): readonly PackagedFile[] {
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
