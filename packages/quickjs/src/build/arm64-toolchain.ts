import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { runTool } from "./run-tool.ts";
import { crossToolchain, type Toolchain } from "./toolchain.ts";

/** Debian's compiler for arm64 has no musl beside it: headers and library are those of arm64 itself. */
const packages = ["musl", "musl-dev"] as const;

const SPECS = "usr/lib/aarch64-linux-musl/musl-gcc.specs";

/**
 * The toolchain for arm64: Debian's gcc-aarch64-linux-gnu and arm64's own musl, which is fetched once from
 * Debian's mirror into the cache. The machine stays as it is: apt-get(8) works on lists and a status of
 * its own.
 */
export async function arm64Toolchain(cache: string): Promise<Toolchain> {
  const folder = join(cache, "musl-arm64");
  if (!existsSync(folder)) await fetchMusl(cache, folder);
  return crossToolchain({
    architecture: "aarch64",
    compiler: "aarch64-linux-gnu-gcc",
    // The helpers for atomic operations in the compiler's library ask glibc which instructions there are.
    compileFlags: ["-mno-outline-atomics"],
    specs: join(folder, SPECS),
  });
}

async function fetchMusl(cache: string, folder: string): Promise<void> {
  mkdirSync(cache, { recursive: true });
  const unfinished = mkdtempSync(join(cache, "unfinished-"));
  try {
    await download(unfinished);
    for (const name of readdirSync(unfinished).filter((each) => each.endsWith(".deb"))) {
      await runTool("dpkg", ["-x", name, "."], unfinished);
      rmSync(join(unfinished, name));
    }
    // The file names the places of an installed package.
    const specs = readFileSync(join(unfinished, SPECS), "utf8");
    const placed = specs.replaceAll(
      /\/usr\/(?:lib|include)\/aarch64-linux-musl/g,
      (path) => `${folder}${path}`,
    );
    writeFileSync(join(unfinished, SPECS), placed);
    renameSync(unfinished, folder);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    // Another build may have been quicker.
    if (!existsSync(folder)) throw error;
  }
}

/** Downloads the packages of arm64 into a folder. */
async function download(folder: string): Promise<void> {
  const state = join(folder, "apt");
  mkdirSync(join(state, "state/lists/partial"), { recursive: true });
  mkdirSync(join(state, "cache/archives/partial"), { recursive: true });
  writeFileSync(join(state, "status"), "");
  const settings = {
    "APT::Architecture": "arm64",
    "APT::Architectures": "arm64",
    "APT::Sandbox::User": "",
    "Acquire::Languages": "none",
    "Dir::State": join(state, "state"),
    "Dir::State::status": join(state, "status"),
    "Dir::Cache": join(state, "cache"),
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  await runTool("apt-get", [...options, "update"], folder);
  await runTool("apt-get", [...options, "download", ...packages], folder);
  rmSync(state, { recursive: true });
}
