import { join } from "node:path";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { privateRoot, runChecked, temporaryDirectory } from "@nova-agent/testbed";
import type { Action, GuestState } from "./safe-apply-program.ts";

const timeoutMs = 240_000;
const scripts = new URL("../../../../test/os/ifupdown/", import.meta.url);
const program = fileURLToPath(new URL("safe-apply-program.js", import.meta.url));

/** Does things to a guest with Debian's ifupdown whose gateways answer. */
export async function actInGuest(context: TestContext, actions: readonly Action[]): Promise<GuestState[]> {
  const [root, tools] = [await privateRoot(["ifupdown"]), await privateRoot(["busybox-static"])];
  const [work, binaries] = [await temporaryDirectory(context), await temporaryDirectory(context)];
  const guest = [fileURLToPath(new URL("guest-namespace.sh", scripts)), "ifupdown", root, work];
  const gateways = [
    fileURLToPath(new URL("safe-apply-guest.sh", scripts)),
    join(tools, "bin/busybox"),
    binaries,
  ];
  const agent = [process.execPath, program, JSON.stringify(actions)];
  const argv = ["unshare", "-Urnmu", ...guest, ...gateways, ...agent] as const;
  const output = await runChecked({ argv, timeoutMs });
  return output
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as GuestState);
}
