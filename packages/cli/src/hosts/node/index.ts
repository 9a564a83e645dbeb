export { createNodeHost } from "./node-host.ts";
