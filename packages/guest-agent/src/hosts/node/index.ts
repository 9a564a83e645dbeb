export { type NodeSystemOptions, createNodeSystem } from "./node-system.ts";
