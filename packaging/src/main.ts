import { statSync } from "node:fs";
import { join, relative } from "node:path";
import { arm64Toolchain, buildStatic, muslToolchain } from "@nova-agent/quickjs/build";
import { makeTemporaryDirectory, removeDirectory, repositoryRoot } from "@nova-agent/testbed";
import { buildBundle } from "./build-bundle.ts";
import { buildPackages, formats } from "./build-packages.ts";
import type { PackageOptions } from "./package-options.ts";
import { readVersion } from "./read-version.ts";
import { sourceTime } from "./source-time.ts";

const repository = repositoryRoot();
const [output = join(repository, "dist/packages")] = process.argv.slice(2);
const common = { version: readVersion(), time: await sourceTime(process.env), output };

for (const toolchain of [muslToolchain, await arm64Toolchain(join(repository, ".cache/toolchains"))]) {
  const { architecture } = toolchain;
  for (const name of ["nova-agent", "guestctl"] as const) {
    const { path: program } = await buildStatic(name, toolchain);
    await buildAll({ ...common, name, architecture, program });
  }
}
const bundle = await makeTemporaryDirectory();
try {
  await buildBundle(bundle);
  await buildAll({ ...common, name: "nova-control", architecture: "noarch", program: bundle });
} finally {
  await removeDirectory(bundle);
}

async function buildAll(options: Omit<PackageOptions, "workspace">): Promise<void> {
  console.log(`${options.name} ${options.version} for ${options.architecture}`);
  for (const path of await buildPackages(formats, options)) {
    console.log(`  ${relative(repository, path)}  ${statSync(path).size} bytes`);
  }
}
