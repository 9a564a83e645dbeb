export { buildPackages } from "./build-packages.ts";
export { readVersion } from "./read-version.ts";
