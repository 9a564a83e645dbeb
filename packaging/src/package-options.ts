import type { Architecture, StaticProgram } from "@nova-agent/quickjs/build";

/** Name of a package: those of static executables, and the service that runs on Node. */
export type PackageName = StaticProgram | "nova-control";

/** What a package runs on: `noarch` has no machine code. */
export type PackageArchitecture = Architecture | "noarch";

/** What kinds of package are built. */
export type Format = "deb" | "rpm" | "tar";

/** What a package is made of. */
export interface PackageOptions {
  readonly name: PackageName;
  readonly version: string;
  readonly architecture: PackageArchitecture;
  /** Path of the static executable, or of the folder with the bundle. */
  readonly program: string;
  /** Seconds since 1970: the time of everything in the package, so that two builds are the same bytes. */
  readonly time: number;
  /** An empty folder to work in. */
  readonly workspace: string;
  /** The folder that the package goes to. */
  readonly output: string;
}
