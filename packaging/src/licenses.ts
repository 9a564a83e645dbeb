import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A package whose code is in a bundle. */
interface BundledPackage {
  readonly name: string;
  readonly version: string;
  readonly license: string;
}

const LICENSE_FILE = /^licen[cs]e|^notice/i;

/**
 * The licenses of all packages that these modules are of, by name: modules are paths below `root`, those of
 * packages below a `node_modules`.
 */
export function renderLicenses(modules: readonly string[], root: string): string {
  const folders = new Set(modules.flatMap((module) => folderOf(module) ?? []));
  const texts = [...folders].toSorted().map((folder) => renderLicense(join(root, folder)));
  return texts.join(`\n${"-".repeat(80)}\n\n`);
}

/** The folder of the package that a module is of; undefined for the repository's own. */
function folderOf(module: string): string | undefined {
  return /^.*\bnode_modules\/(?:@[^/]+\/)?[^/]+/.exec(module)?.[0];
}

function renderLicense(folder: string): string {
  const { name, version, license } = JSON.parse(
    readFileSync(join(folder, "package.json"), "utf8"),
  ) as BundledPackage;
  const files = readdirSync(folder).filter((file) => LICENSE_FILE.test(file));
  const texts = files.toSorted().map((file) => readFileSync(join(folder, file), "utf8").trim());
  return [`${name} ${version}, license: ${license}`, ...texts].join("\n\n") + "\n";
}
