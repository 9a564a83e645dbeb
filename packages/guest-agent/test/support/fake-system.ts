export * from "../../src/testing/fake-system.ts";
