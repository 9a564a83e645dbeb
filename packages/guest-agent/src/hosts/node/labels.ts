import { spawnSync } from "node:child_process";
import { SystemError } from "../../errors.ts";
import { TOOL_TIMEOUT_MS } from "./limits.ts";

/** SELinux labels of files, which node:fs cannot reach. */
export interface Labels {
  /** The label of a file itself, not of what a link names; undefined where there is none or no tool. */
  readonly read: (path: string) => string | undefined;
  readonly set: (path: string, label: string) => void;
}

const ATTRIBUTE = "security.selinux";

/** Labels through getfattr(1) and setfattr(1); without them (package attr) there are none. */
export function createLabels(env: Readonly<Record<string, string>>): Labels {
  const options = { env, timeout: TOOL_TIMEOUT_MS, encoding: "utf8" } as const;
  return {
    read: (path) => {
      const argv = ["-h", "--absolute-names", "--only-values", "-n", ATTRIBUTE, "--", path];
      const { status, stdout } = spawnSync("getfattr", argv, options);
      // The kernel may keep the C string's NUL as a part of the value.
      const label = status === 0 ? stdout.replace(/\0+$/, "") : "";
      return label === "" ? undefined : label;
    },
    set: (path, label) => {
      const argv = ["-h", "-n", ATTRIBUTE, "-v", label, "--", path];
      const { status, stderr } = spawnSync("setfattr", argv, options);
      if (status === 0) return;
      throw new SystemError("EPERM", `Cannot label "${path}" as "${label}": ${stderr ?? "no setfattr"}`);
    },
  };
}
