export * from "./errors.ts";
export * from "./plan.ts";
export * from "./protocol/reply.ts";
export * from "./secret.ts";
export * from "./system/system.ts";
