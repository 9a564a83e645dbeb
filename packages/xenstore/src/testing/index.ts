export * from "../clock.ts";
