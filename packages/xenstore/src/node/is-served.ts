import { createConnection } from "node:net";

/** Whether a process accepts connections on a unix socket. False when nothing is there. */
export function isServed(path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ path });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", (error: NodeJS.ErrnoException) => {
      // ENOTSOCK: something else stands there, and nobody serves it.
      if (["ENOENT", "ECONNREFUSED", "ENOTSOCK"].includes(error.code ?? "")) resolve(false);
      else reject(error);
    });
  });
}
