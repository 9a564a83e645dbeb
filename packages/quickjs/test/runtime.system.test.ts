import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { muslToolchain, sanitizerToolchain } from "@nova-agent/quickjs/build";
import { type Cleanup, systemTest, temporaryDirectory } from "@nova-agent/testbed";
import { runOnEngine } from "@nova-agent/testbed/engine-tests";

const program = fileURLToPath(new URL("runtime-program.js", import.meta.url));

/** Path of a socket whose server joins the first connection with the second, and so on. */
async function startBridge(cleanup: Cleanup): Promise<string> {
  const path = join(await temporaryDirectory(cleanup), "bridge");
  let waiting: Socket | undefined;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    if (waiting === undefined) {
      waiting = socket;
      return;
    }
    waiting.pipe(socket).pipe(waiting);
    waiting = undefined;
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  cleanup.after(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return path;
}

const kinds = [
  { name: "static", toolchain: muslToolchain, need: "musl-gcc" },
  { name: "with ASan and UBSan", toolchain: sanitizerToolchain, need: "cc" },
] as const;

for (const { name, toolchain, need } of kinds) {
  systemTest(
    `event loop, programs, sockets and system calls do what they promise, ${name}`,
    { needs: [need], timeoutMs: 400_000 },
    async (context) => {
      const args = [await startBridge(context)];
      await runOnEngine(context, { files: [program], testsMin: 15, toolchain, args });
    },
  );
}
