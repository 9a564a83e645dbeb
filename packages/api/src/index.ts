export * from "./app.ts";
export * from "./errors.ts";
export * from "./faults.ts";
export * from "./limits.ts";
export * from "./microversion.ts";
export * from "./route.ts";
