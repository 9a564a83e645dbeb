export { type BuiltModule, buildProgram, type ProgramOptions } from "./program.ts";
export { type Architecture, muslToolchain, type Toolchain } from "./toolchain.ts";
export { buildStatic, type BuiltProgram, type StaticProgram } from "./programs.ts";
