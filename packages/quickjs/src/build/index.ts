export { arm64Toolchain } from "./arm64-toolchain.ts";
export { type BuiltModule, buildProgram, type ProgramOptions } from "./program.ts";
export { buildTestProgram, needsNoNode, type TestProgramOptions } from "./test-program.ts";
export { type Architecture, muslToolchain, sanitizerToolchain, type Toolchain } from "./toolchain.ts";
export { buildStatic, type BuiltProgram, type StaticProgram } from "./programs.ts";
