import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { makeTemporaryDirectory, removeDirectory } from "@nova-agent/testbed";
import { buildDeb } from "./build-deb.ts";
import { buildRpm } from "./build-rpm.ts";
import { buildTarball } from "./build-tarball.ts";

import type { Format, PackageOptions } from "./package-options.ts";

const builders: Readonly<Record<Format, (options: PackageOptions) => Promise<string>>> = {
  deb: buildDeb,
  rpm: buildRpm,
  tar: buildTarball,
};

/** Every kind of package. */
export const formats = Object.keys(builders) as readonly Format[];

/** Builds packages of one architecture; returns their paths. */
export async function buildPackages(
  wanted: readonly Format[],
  options: Omit<PackageOptions, "workspace">,
): Promise<readonly string[]> {
  mkdirSync(options.output, { recursive: true });
  const workspace = await makeTemporaryDirectory();
  try {
    const paths: string[] = [];
    for (const format of wanted) {
      const folder = join(workspace, format);
      mkdirSync(folder);
      paths.push(await builders[format]({ ...options, workspace: folder }));
    }
    return paths;
  } finally {
    await removeDirectory(workspace);
  }
}
