import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "@nova-agent/testbed";

/** The version of everything in this repository. */
export function readVersion(): string {
  const { version } = JSON.parse(readFileSync(join(repositoryRoot(), "package.json"), "utf8")) as {
    readonly version: string;
  };
  return version;
}
