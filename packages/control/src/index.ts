export * from "./closers.ts";
export { fillInventory, PROVIDER_DATA } from "./demo/inventory.ts";
export * from "./errors.ts";
export * from "./demo/host-side.ts";
export * from "./panel.ts";
export * from "./start-instances.ts";
