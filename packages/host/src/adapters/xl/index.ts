export * from "./xl-list.ts";
