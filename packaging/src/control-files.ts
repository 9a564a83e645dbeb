import { join } from "node:path";
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
    file(`${FOLDER}/service.sh`, "control-service.sh", { mode: 0o755 }),
    file("etc/nova-control.conf", "nova-control.conf", { mode: 0o600, isConfiguration: true }),
    file(`${units}/nova-control.service`, "nova-control.service"),
    file(`usr/share/doc/nova-control/${LICENSES}.gz`, join(bundle, LICENSES), { isCompressed: true }),
  ];
}
