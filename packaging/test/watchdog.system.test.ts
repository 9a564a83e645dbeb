import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buildStatic, muslToolchain } from "@nova-agent/quickjs/build";
import { startProcess, systemTest, temporaryDirectory, waitFor } from "@nova-agent/testbed";
import { TEST_TIMEOUT_MS } from "./support/limits.ts";
import { withServedXenstore } from "./support/served-xenstore.ts";

const options = { needs: ["musl-gcc", "socat"], timeoutMs: TEST_TIMEOUT_MS } as const;

const WATCHDOG_US = 400_000;
systemTest(
  "the static agent tells the service manager that it is ready and lives",
  options,
  async (context) => {
    const folder = await temporaryDirectory(context);
    const config = join(folder, "agent.conf");
    await writeFile(config, `xenstore = ${join(folder, "guest")}\napply_at_start = no\n`);
    const { path } = await buildStatic("nova-agent", muslToolchain);
    const socket = join(folder, "notify");
    const manager = startProcess({ argv: ["socat", "-u", `UNIX-RECV:${socket}`, "STDOUT"] });
    const told = (state: RegExp, times: number) =>
      waitFor(() => (manager.stdout().match(state)?.length ?? 0) >= times, { what: String(state) });
    try {
      await waitFor(() => existsSync(socket), { what: "socket of the service manager" });
      await withServedXenstore(folder, async () => {
        const agent = startProcess({
          argv: [path, "--root", folder, "--config", config],
          environment: { NOTIFY_SOCKET: socket, WATCHDOG_USEC: String(WATCHDOG_US) },
        });
        try {
          await told(/READY=1/g, 1);
          await told(/WATCHDOG=1/g, 3);
        } finally {
          await agent.stop();
        }
      });
      await told(/STOPPING=1/g, 1);
    } finally {
      await manager.stop();
    }
  },
);
