import { chmod, copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { runChecked, temporaryDirectory } from "@nova-agent/testbed";
import { PROGRAM_TIMEOUT_MS } from "./limits.ts";

/** What the Node of this machine is linked with, by the packages of Debian. */
export const nodeLibraries = ["libstdc++6", "libgcc-s1"] as const;

/** Puts the Node of this machine below a folder. */
export async function copyNode(folder: string): Promise<void> {
  await mkdir(join(folder, "usr/bin"), { recursive: true });
  await copyFile(process.execPath, join(folder, "usr/bin/node"));
  await chmod(join(folder, "usr/bin/node"), 0o755);
}

/** Builds a Debian package of the Node of this machine, under any version; returns its path. */
export async function buildNodePackage(
  context: TestContext,
  version = process.versions.node,
): Promise<string> {
  const folder = await temporaryDirectory(context);
  const tree = join(folder, "tree");
  await copyNode(tree);
  await mkdir(join(tree, "DEBIAN"));
  const fields = {
    Package: "nodejs",
    Version: version,
    Architecture: "all",
    Maintainer: "Nobody <nobody@localhost>",
    Description: "stands for Node of any source",
  };
  const lines = Object.entries(fields).map(([field, value]) => `${field}: ${value}\n`);
  await writeFile(join(tree, "DEBIAN/control"), lines.join(""));
  const path = join(folder, "nodejs.deb");
  // It is not kept: packing it would take longer than all else.
  const argv = ["dpkg-deb", "-Znone", "--root-owner-group", "--build", tree, path] as const;
  await runChecked({ argv, timeoutMs: PROGRAM_TIMEOUT_MS });
  return path;
}
