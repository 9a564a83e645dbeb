import { rootFiles } from "../system/rooted-files.ts";
import type { System } from "../system/system.ts";
import { osValues, renderOsFile } from "./os.ts";
import { readOs } from "./read-facts.ts";
import { writeWhole } from "./write-whole.ts";

/** What is written, and where. */
export interface XeLinuxDistributionOptions {
  readonly system: Pick<System, "files">;
  /** The directory under which the guest's files are, `/` on a guest. */
  readonly root: string;
  /** Path below the root; undefined to print. */
  readonly output: string | undefined;
  readonly print: (text: string) => void;
}

const DIRECTORY_MODE = 0o755;

/**
 * Says which distribution this is: prints it, or writes it to a file, whole or not at all. Throws a
 * SystemError for a file that cannot be written.
 */
export function runXeLinuxDistribution(options: XeLinuxDistributionOptions): void {
  const { system, root, output, print } = options;
  const files = rootFiles(system.files, root);
  const { distribution, kernelRelease } = readOs(files);
  const text = renderOsFile(osValues(distribution, kernelRelease));
  if (output === undefined) return print(text);
  const directory = output.slice(0, output.lastIndexOf("/")) || "/";
  if (files.status(directory) === undefined) files.makeDirectory(directory, DIRECTORY_MODE);
  writeWhole(output, text, files);
}
