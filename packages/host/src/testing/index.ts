export * from "./agent-answers.ts";
export * from "./disk-contract.ts";
export * from "./fake-guest.ts";
export * from "./make-domain.ts";
export * from "./memory-database.ts";
export * from "./memory-operations.ts";
export * from "./sample-instance.ts";
export * from "./toolstack-contract.ts";
