import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { buildStatic, muslToolchain } from "@nova-agent/quickjs/build";
import { type Cleanup, temporaryDirectory } from "@nova-agent/testbed";
import { buildBundle } from "../../src/build-bundle.ts";
import { buildPackages } from "../../src/build-packages.ts";
import type { Format } from "../../src/package-options.ts";
import { packagingDirectory } from "../../src/lay-out.ts";
import { readVersion } from "../../src/read-version.ts";

/** A time that no other file has. */
export const SOME_TIME = 1_700_000_000;

/** Options that a test changes. */
export interface BuildOptions {
  readonly version?: string;
}

/** The agent's package of one kind for this machine, built with what the repository has now. */
export async function builtPackage(
  context: TestContext,
  format: Format,
  { version = readVersion() }: BuildOptions = {},
): Promise<string> {
  const { path: program } = await buildStatic("nova-agent", muslToolchain);
  const output = await temporaryDirectory(context);
  const options = { name: "nova-agent", architecture: "x86_64", program, version, output } as const;
  const [path = ""] = await buildPackages([format], { ...options, time: SOME_TIME });
  return path;
}

/** Gives packages of the control service, each built once for all tests of a file. */
export function controlPackages(cleanup: Cleanup): (format: Format, version?: string) => Promise<string> {
  const built = new Map<string, Promise<string>>();
  const folders = Promise.all([temporaryDirectory(cleanup), temporaryDirectory(cleanup)]);
  let bundle: Promise<void> | undefined;
  const build = async (format: Format, version: string): Promise<string> => {
    const [program, output] = await folders;
    await (bundle ??= buildBundle(program));
    const options = { name: "nova-control", architecture: "noarch", program, version, output } as const;
    const [path = ""] = await buildPackages([format], { ...options, time: SOME_TIME });
    return path;
  };
  return (format, version = readVersion()) => {
    const key = `${format} ${version}`;
    const path = built.get(key) ?? build(format, version);
    built.set(key, path);
    return path;
  };
}

/** A file below `packaging`. */
export function packagingSource(path: string): string {
  return readFileSync(join(packagingDirectory, path), "utf8");
}
