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

/** Debian's musl-tools for the machine itself. */
export const muslToolchain: Toolchain = {
  architecture: "x86_64",
  compiler: "musl-gcc",
  compileFlags: common,
  linkFlags: [link, []],
};
