export { MemoryOperations } from "../../src/testing/index.ts";
