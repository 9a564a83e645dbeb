export { buildPackages, formats } from "./build-packages.ts";
export { contentsOf, type Format, packageDescriptions } from "./contents.ts";
export { readVersion } from "./read-version.ts";
