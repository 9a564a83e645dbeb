import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { startProcess, systemTest, temporaryDirectory, waitFor } from "@nova-agent/testbed";
import { startAgentProcess, startGuestStore } from "../../support/agent-process.ts";

/** A pseudo terminal whose other end is a socket: like the kernel's device, a read of it blocks. */
async function startDevice(context: TestContext, socket: string): Promise<string> {
  const path = join(await temporaryDirectory(context), "xenbus");
  const argv = ["socat", "-d", "-d", `PTY,link=${path},raw,echo=0`, `UNIX-CONNECT:${socket}`] as const;
  const socat = startProcess({ argv });
  context.after(() => socat.stop());
  await waitFor(() => socat.stderr().includes("starting data transfer loop"), { what: "pseudo terminal" });
  return path;
}

systemTest(
  "SIGTERM ends the service cleanly while a read of its device blocks",
  { needs: ["socat"] },
  async (context) => {
    const store = await startGuestStore(context);
    const device = await startDevice(context, store.guestSocket);
    const config = join(await temporaryDirectory(context), "nova-agent.conf");
    writeFileSync(config, `xenstore = ${device}\n`);
    const agent = startAgentProcess(context, { args: ["--config", config] });
    assert.equal((await store.ask("version", "agent")).returncode, "0");
    agent.kill("SIGTERM");
    assert.equal((await agent.exited).status, 0);
  },
);

// Not socat: it would keep the descriptor by which systemd-notify(1) sees that its message was taken.
const LISTENER = `
  $| = 1;
  socket(my $socket, AF_UNIX, SOCK_DGRAM, 0) or die;
  bind($socket, pack_sockaddr_un($ARGV[0])) or die;
  while (defined recv($socket, my $message, 4096, 0)) { print "$message\\n"; }
`;

systemTest(
  "the service manager hears READY=1 when the waiting requests are served, and STOPPING=1",
  { needs: [] },
  async (context) => {
    if (!hasProgram("systemd-notify")) return context.skip("needs systemd-notify");
    const store = await startGuestStore(context);
    const requestId = "00000000-0000-4000-8000-000000000001";
    await store.put(requestId, JSON.stringify({ name: "version", value: "agent" }));
    const path = join(await temporaryDirectory(context), "notify");
    const manager = startProcess({ argv: ["perl", "-MSocket", "-e", LISTENER, path] });
    context.after(() => manager.stop());
    await waitFor(() => existsSync(path), { what: "listener" });
    const environment = { XENSTORED_PATH: store.guestSocket, NOTIFY_SOCKET: path };
    // Under another root than `/`, for a machine with systemd has the notice at once.
    const args = ["--root", await temporaryDirectory(context)];
    const agent = startAgentProcess(context, { args, environment });
    await waitFor(() => manager.stdout().includes("READY=1\n"), { what: "READY=1" });
    assert.deepEqual(await store.list("guest"), [requestId]);
    assert.ok(!manager.stdout().includes("STOPPING=1"));
    agent.kill("SIGTERM");
    assert.equal((await agent.exited).status, 0);
    assert.match(manager.stdout(), /^STOPPING=1$/m);
  },
);

function hasProgram(name: string): boolean {
  const folders = (process.env["PATH"] ?? "").split(":");
  return folders.some((folder) => existsSync(join(folder, name)));
}
