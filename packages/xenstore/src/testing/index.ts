export * from "../clock.ts";
export { createManualClock, type ManualClock } from "./manual-clock.ts";
export { createScriptedServer, type ScriptedServer } from "./scripted-server.ts";
export { type ContractTools, type JoinedTransports, testTransportContract } from "./transport-contract.ts";
export * from "./contract/index.ts";
