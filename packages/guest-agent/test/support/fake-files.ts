export * from "../../src/testing/fake-files.ts";
