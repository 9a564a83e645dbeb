// Node wants a reporter as the default export of a module.
export { report as default } from "./dom0/reporter.js";
