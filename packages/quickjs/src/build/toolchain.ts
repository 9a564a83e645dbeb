/** A kind of machine that executables are built for, as uname(1) calls it. */
export type Architecture = "x86_64" | "aarch64";

/** A C compiler and what it needs to link programs that need nothing of the system but the kernel. */
export interface Toolchain {
  readonly architecture: Architecture;
  readonly compiler: string;
  readonly compileFlags: readonly string[];
  /** Before and behind the objects. */
  readonly linkFlags: readonly [readonly string[], readonly string[]];
}

const common = ["-std=gnu11", "-Os", "-DNDEBUG", "-D_GNU_SOURCE", "-ffunction-sections", "-fdata-sections"];
const link = ["-static", "-s", "-Wl,--gc-sections", "-Wl,--build-id=none", "-Wl,-z,relro,-z,now"];

const sanitizers = ["-fsanitize=address,undefined", "-fno-sanitize-recover=undefined"];

/** Debian's musl-tools for the machine itself. */
export const muslToolchain: Toolchain = {
  architecture: "x86_64",
  compiler: "musl-gcc",
  compileFlags: common,
  linkFlags: [link, []],
};

/**
 * The C library of the machine itself, with checks of every access to memory and of what the language leaves
 * undefined, for tests of what is written in C. Unlike the engine's own, these programs are not static.
 */
export const sanitizerToolchain: Toolchain = {
  architecture: "x86_64",
  compiler: "gcc",
  compileFlags: ["-std=gnu11", "-O1", "-g", "-D_GNU_SOURCE", ...sanitizers],
  linkFlags: [sanitizers, ["-lm", "-lpthread"]],
};

/** A compiler for another architecture. */
export interface CrossToolchainOptions {
  readonly architecture: Architecture;
  readonly compiler: string;
  readonly compileFlags: readonly string[];
  /** File that has the compiler use musl's headers and library, as musl-gcc's has. */
  readonly specs: string;
}

/** What musl-gcc does for the machine itself, for another. */
export function crossToolchain(options: CrossToolchainOptions): Toolchain {
  const { architecture, compiler, compileFlags, specs } = options;
  return {
    architecture,
    compiler,
    compileFlags: [...common, "-specs", specs, ...compileFlags],
    linkFlags: [["-specs", specs, ...link], []],
  };
}
