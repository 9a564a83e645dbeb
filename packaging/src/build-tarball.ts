import { chmodSync, copyFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { runChecked } from "@nova-agent/testbed";
import { contentsOf } from "./contents.ts";
import { layOut, packagingDirectory } from "./lay-out.ts";
import { TOOL_TIMEOUT_MS } from "./limits.ts";
import type { PackageOptions } from "./package-options.ts";
import type { PackagedFile } from "./packaged-file.ts";

/** Builds the archive with an installer, for systems without dpkg and rpm; returns its path. */
export async function buildTarball(options: PackageOptions): Promise<string> {
  const { name, version, architecture, time, workspace, output } = options;
  const title = `${name}-${version}-linux-${architecture}`;
  const parent = join(workspace, "tar");
  const folder = join(parent, title);
  const contents = contentsOf({ ...options, format: "tar" });
  layOut(contents, join(folder, "files"), time);
  writeFileSync(join(folder, "MANIFEST"), contents.map(renderEntry).join(""));
  for (const script of ["copy-files.sh", `${name}/install.sh`]) {
    copyFileSync(join(packagingDirectory, "tar", script), join(folder, basename(script)));
  }
  chmodSync(join(folder, "install.sh"), 0o755);
  const path = join(output, `${title}.tar.gz`);
  const archive = join(workspace, `${title}.tar`);
  const same = [
    "--sort=name",
    `--mtime=@${time}`,
    "--owner=0",
    "--group=0",
    "--numeric-owner",
    "--format=ustar",
  ];
  await runTool(["tar", ...same, "--mode=u+rwX,go=rX", "-C", parent, "-cf", archive, title]);
  await runTool(["gzip", "-9", "-n", "-f", archive]);
  copyFileSync(`${archive}.gz`, path);
  return path;
}

async function runTool(argv: readonly [string, ...string[]]): Promise<void> {
  await runChecked({ argv, environment: { LC_ALL: "C" }, timeoutMs: TOOL_TIMEOUT_MS });
}

/** What install.sh reads: the mode or `link`, and the path. */
function renderEntry(entry: PackagedFile): string {
  return `${entry.kind === "link" ? "link" : entry.mode.toString(8)} ${entry.path}\n`;
}
