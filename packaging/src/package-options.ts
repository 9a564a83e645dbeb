import type { Architecture, StaticProgram } from "@nova-agent/quickjs/build";

/** What a package is made of. */
export interface PackageOptions {
  readonly name: StaticProgram;
  readonly version: string;
  readonly architecture: Architecture;
  /** Path of the static executable. */
  readonly program: string;
  /** Seconds since 1970: the time of everything in the package, so that two builds are the same bytes. */
  readonly time: number;
  /** An empty folder to work in. */
  readonly workspace: string;
  /** The folder that the package goes to. */
  readonly output: string;
}
