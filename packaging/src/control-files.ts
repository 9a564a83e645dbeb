import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { PACKAGED_PANEL } from "@nova-agent/panel";
import { bundleFiles, LICENSES } from "./build-bundle.ts";
import { file, link, type PackagedFile } from "./packaged-file.ts";
import type { Format } from "./package-options.ts";

const FOLDER = "usr/lib/nova-control";

/** The control service: its bundle, the command, the unit and the configuration, which may hold a password. */
export function controlFiles(format: Format, bundle: string): readonly PackagedFile[] {
  const units = format === "deb" ? "lib/systemd/system" : "usr/lib/systemd/system";
  return [
    link("usr/bin/nova-control", `../lib/nova-control/${bundleFiles[0]}`),
    ...bundleFiles.map((name, index) =>
      file(`${FOLDER}/${name}`, join(bundle, name), { mode: index === 0 ? 0o755 : 0o644 }),
    ),
    ...panelFiles(join(bundle, PACKAGED_PANEL)),
    file(`${FOLDER}/service.sh`, "control-service.sh", { mode: 0o755 }),
    file("etc/nova-control.conf", "nova-control.conf", { mode: 0o600, isConfiguration: true }),
    file(`${units}/nova-control.service`, "nova-control.service"),
    file(`usr/share/doc/nova-control/${LICENSES}.gz`, join(bundle, LICENSES), { isCompressed: true }),
  ];
}

/** The panel's assets have the names that its build gave them. */
function panelFiles(folder: string): readonly PackagedFile[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  return paths.toSorted().map((path) => file(`${FOLDER}/${PACKAGED_PANEL}/${relative(folder, path)}`, path));
}
