import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { repositoryRoot } from "@nova-agent/testbed";

/** The text that was reviewed once, of `test/golden`. */
export function readGolden(name: string): Promise<string> {
  return readFile(join(repositoryRoot(), "packages/cli/test/golden", name), "utf8");
}
