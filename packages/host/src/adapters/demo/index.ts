export type { AgentEnd } from "./agent-process.ts";
export * from "./demo-guest.ts";
export * from "./domain-nodes.ts";
export type { AgentProgram, Enclosure, EnclosureKind } from "./enclosure.ts";
export * from "./errors.ts";
export { GUEST_LOG, type DemoVif } from "./guest-files.ts";
export * from "./network-data.ts";
export type { Argv } from "./program.ts";
