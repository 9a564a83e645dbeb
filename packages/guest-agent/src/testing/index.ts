export * from "./fake-files.ts";
export * from "./fake-system.ts";
