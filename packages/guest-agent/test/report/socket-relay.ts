import { once } from "node:events";
import { createConnection, createServer, type Server, type Socket } from "node:net";
import { rm } from "node:fs/promises";

/** A unix socket that passes everything on to another one, until it is cut. */
export interface SocketRelay {
  readonly path: string;
  /** How many connections were made. */
  readonly count: () => number;
  /** Ends all connections and takes no more. */
  readonly cut: () => Promise<void>;
  /** Takes connections again. */
  readonly mend: () => Promise<void>;
}

/** Starts one at `path` that passes on to `target`; `cut()` ends it. */
export async function startRelay(path: string, target: string): Promise<SocketRelay> {
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  let count = 0;
  const join = (near: Socket): void => {
    count += 1;
    const far = createConnection(target);
    for (const [socket, peer] of [[near, far] as const, [far, near] as const]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        sockets.delete(socket);
        peer.destroy();
      });
      socket.pipe(peer);
    }
  };
  const mend = async (): Promise<void> => {
    server = createServer(join).listen(path);
    await once(server, "listening");
  };
  const cut = async (): Promise<void> => {
    const closing = server;
    server = undefined;
    if (closing === undefined) return;
    const closed = once(closing, "close");
    closing.close();
    for (const socket of sockets) socket.destroy();
    await closed;
    await rm(path, { force: true });
  };
  await mend();
  return { path, count: () => count, cut, mend };
}
