import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runChecked } from "@nova-agent/testbed";
import { contentsOf } from "./contents.ts";
import { fillIn } from "./fill-in.ts";
import { layOut, packagingDirectory } from "./lay-out.ts";
import { TOOL_TIMEOUT_MS } from "./limits.ts";
import type { PackageOptions } from "./package-options.ts";
import type { PackagedFile } from "./packaged-file.ts";
import { readIfThere } from "./read-if-there.ts";

/** Nothing of the machine or of the moment gets into the package, and every rpm since version 4.6 reads it. */
const macros = {
  _buildhost: "localhost",
  use_source_date_epoch_as_buildtime: "1",
  clamp_mtime_to_source_date_epoch: "1",
  _binary_payload: "w9.gzdio",
  _build_id_links: "none",
  debug_package: "%{nil}",
  // Strips nothing, packs nothing again.
  __os_install_post: "%{nil}",
} as const;

/**
 * The scripts of a package, by their section of the spec. The services are put in place by posttrans: behind
 * the removal of what the package obsoletes, which disables the names that it shares with us.
 */
const scripts = ["pre", "preun", "postun", "posttrans"] as const;

/** Builds the package for the Red Hat and SUSE families (rpmbuild(8)); returns its path. */
export async function buildRpm(options: PackageOptions): Promise<string> {
  const { name, version, architecture, time, workspace, output } = options;
  const tree = join(workspace, "tree");
  const top = join(workspace, "rpm");
  mkdirSync(top);
  const contents = contentsOf({ ...options, format: "rpm" });
  layOut(contents, tree, time);
  const spec = join(top, "spec");
  writeFileSync(spec, renderSpec(contents, { name, version, tree }));
  const defined = { ...macros, _topdir: top, _dbpath: join(top, "database") };
  await runChecked({
    argv: [
      "rpmbuild",
      "-bb",
      "--target",
      `${architecture}-linux`,
      ...Object.entries(defined).flatMap(([name, value]) => ["--define", `${name} ${value}`]),
      spec,
    ],
    environment: { SOURCE_DATE_EPOCH: String(time), LC_ALL: "C", TZ: "UTC" },
    timeoutMs: TOOL_TIMEOUT_MS,
  });
  const file = `${name}-${version}-1.${architecture}.rpm`;
  const path = join(output, file);
  copyFileSync(join(top, "RPMS", architecture, file), path);
  return path;
}

interface SpecOptions {
  readonly name: string;
  readonly version: string;
  readonly tree: string;
}

function renderSpec(contents: readonly PackagedFile[], { name, version, tree }: SpecOptions): string {
  const source = (file: string) => readIfThere(join(packagingDirectory, "rpm", name, file));
  const lines = [...ownDirectories(contents, name).map(renderDirectory), ...contents.map(renderFile)];
  const spec = fillIn(source("spec") ?? "", { version, tree, files: lines.join("\n") });
  const sections = scripts.map((script) => {
    const text = source(`${script}.sh`);
    // A percent sign begins a macro.
    return text === undefined ? "" : `\n%${script}\n${text.replaceAll("%", "%%")}`;
  });
  return spec + sections.join("");
}

/** The directories that are the package's alone, told by its name: nobody else would remove them. */
function ownDirectories(contents: readonly PackagedFile[], name: string): readonly string[] {
  const parents = contents.flatMap(({ path }) => {
    const parts = path.split("/").slice(0, -1);
    return parts.map((_, at) => parts.slice(0, at + 1)).filter((parent) => parent.includes(name));
  });
  return [...new Set(parents.map((parts) => parts.join("/")))];
}

function renderDirectory(path: string): string {
  return `%dir %attr(0755, root, root) /${path}`;
}

function renderFile(entry: PackagedFile): string {
  if (entry.kind === "link") return `/${entry.path}`;
  const mode = `%attr(0${entry.mode.toString(8)}, root, root)`;
  return `${mode} ${entry.isConfiguration ? "%config(noreplace) " : ""}/${entry.path}`;
}
