export type * from "./image.ts";
export * from "./run-program.ts";
export * from "./xl-toolstack.ts";
