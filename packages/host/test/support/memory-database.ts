export { memoryDatabase, type MemoryDatabase } from "../../src/testing/index.ts";
