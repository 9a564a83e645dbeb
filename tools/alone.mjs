// Work that only one process may do at a time in one directory, with Node built-ins alone.
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

const RETRY_EVERY_MS = 200;

/**
 * Runs `work` while no other process does so for the same directory; `onWait` is called once when it has
 * to wait. The claim is a socket that has a name and no file: the system forgets it with its process.
 * Where there are no such sockets (macOS) nothing is waited for.
 */
export async function alone(directory, { work, onWait }) {
  const name = claimName(directory);
  const claim = name === undefined ? undefined : await waitForClaim(name, onWait);
  try {
    return await work();
  } finally {
    claim?.close();
  }
}

async function waitForClaim(name, onWait) {
  let claim = await takeClaim(name);
  if (claim === undefined) onWait();
  while (claim === undefined) {
    await delay(RETRY_EVERY_MS);
    claim = await takeClaim(name);
  }
  return claim;
}

function claimName(directory) {
  const name = `nova-agent-${createHash("sha256").update(directory).digest("hex").slice(0, 16)}`;
  // unix(7), "abstract"
  if (process.platform === "linux") return `\0${name}`;
  return process.platform === "win32" ? `\\\\.\\pipe\\${name}` : undefined;
}

/** The claim as a socket that nobody connects to; undefined while another process has it. */
async function takeClaim(name) {
  const server = createServer().unref();
  server.listen(name);
  try {
    await once(server, "listening");
    return server;
  } catch (error) {
    if (error.code === "EADDRINUSE") return undefined;
    throw error;
  }
}
