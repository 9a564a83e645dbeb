import { statSync } from "node:fs";
import { join, relative } from "node:path";
import { arm64Toolchain, buildStatic, muslToolchain, type StaticProgram } from "@nova-agent/quickjs/build";
import { repositoryRoot } from "@nova-agent/testbed";
import { buildPackages, formats } from "./build-packages.ts";
import { packageDescriptions } from "./contents.ts";
import { readVersion } from "./read-version.ts";
import { sourceTime } from "./source-time.ts";

const repository = repositoryRoot();
const [output = join(repository, "dist/packages")] = process.argv.slice(2);
const time = await sourceTime(process.env);
const version = readVersion();
for (const toolchain of [muslToolchain, await arm64Toolchain(join(repository, ".cache/toolchains"))]) {
  const { architecture } = toolchain;
  for (const name of Object.keys(packageDescriptions) as StaticProgram[]) {
    console.log(`${name} ${version} for ${architecture}`);
    const { path: program } = await buildStatic(name, toolchain);
    const options = { name, version, architecture, program, time, output };
    for (const path of await buildPackages(formats, options)) {
      console.log(`  ${relative(repository, path)}  ${statSync(path).size} bytes`);
    }
  }
}
