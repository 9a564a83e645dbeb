import { createHash } from "node:crypto";
import { chmodSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runChecked } from "@nova-agent/testbed";
import { contentsOf } from "./contents.ts";
import { fillIn } from "./fill-in.ts";
import { layOut, packagingDirectory } from "./lay-out.ts";
import { TOOL_TIMEOUT_MS } from "./limits.ts";
import type { PackageOptions } from "./package-options.ts";
import type { CopiedFile, PackagedFile } from "./packaged-file.ts";
import { readIfThere } from "./read-if-there.ts";

/** Debian's names of architectures. */
const architectures = { x86_64: "amd64", aarch64: "arm64", noarch: "all" } as const;

const scripts = ["preinst", "postinst", "prerm", "postrm"] as const;

// As many threads as processors make the bytes depend on the machine.
const compression = ["-Zxz", "-z9", "--threads-max=1"] as const;

/** Builds the package for Debian, Ubuntu and their like (deb(5)); returns its path. */
export async function buildDeb(options: PackageOptions): Promise<string> {
  const { name, version, time, output } = options;
  const tree = join(options.workspace, "tree");
  const contents = contentsOf({ ...options, format: "deb" });
  layOut(contents, tree, time);
  const folder = join(tree, "DEBIAN");
  mkdirSync(folder);
  chmodSync(folder, 0o755);
  writeControlFiles(folder, { contents, tree, options });
  const path = join(output, `${name}_${version}_${architectures[options.architecture]}.deb`);
  await runChecked({
    argv: ["dpkg-deb", "--root-owner-group", ...compression, "--build", tree, path],
    // Later times become this one.
    environment: { SOURCE_DATE_EPOCH: String(time), LC_ALL: "C" },
    timeoutMs: TOOL_TIMEOUT_MS,
  });
  return path;
}

interface ControlOptions {
  readonly contents: readonly PackagedFile[];
  readonly tree: string;
  readonly options: PackageOptions;
}

function writeControlFiles(folder: string, { contents, tree, options }: ControlOptions): void {
  const { name, version } = options;
  const source = (file: string) => readIfThere(join(packagingDirectory, "debian", name, file));
  const files = contents.filter((entry) => entry.kind === "file");
  const values = {
    version,
    architecture: architectures[options.architecture],
    installedKib: String(sizeKib(contents, tree)),
  };
  const texts: Readonly<Record<string, string | undefined>> = {
    control: fillIn(source("control") ?? "", values),
    conffiles: files
      .filter((entry) => entry.isConfiguration)
      .map(({ path }) => `/${path}\n`)
      .join(""),
    md5sums: renderSums(files, tree),
    ...Object.fromEntries(scripts.map((script) => [script, source(script)])),
  };
  for (const [file, text] of Object.entries(texts)) {
    if (text === undefined || text === "") continue;
    writeFileSync(join(folder, file), text);
    chmodSync(join(folder, file), scripts.some((script) => script === file) ? 0o755 : 0o644);
  }
}

/** What `dpkg --verify` compares with (deb-md5sums(5)). */
function renderSums(files: readonly CopiedFile[], tree: string): string {
  const lines = files
    .filter((entry) => !entry.isConfiguration)
    .map(
      ({ path }) =>
        `${createHash("md5")
          .update(readFileSync(join(tree, path)))
          .digest("hex")}  ${path}\n`,
    );
  return lines.join("");
}

/** As dpkg-gencontrol(1) counts: whole KiB a file. */
function sizeKib(contents: readonly PackagedFile[], tree: string): number {
  return contents.reduce((sum, { path }) => sum + Math.ceil(lstatSync(join(tree, path)).size / 1024), 0);
}
