export * from "./app.ts";
export * from "./errors.ts";
export * from "./faults.ts";
export * from "./limits.ts";
export * from "./microversion.ts";
export * from "./route.ts";
export { subnetId } from "./network/subnet.ts";
export * from "./serve.ts";
export { type ApiDatabase, listServices, type ServicesOptions } from "./services.ts";
