import { open } from "node:fs/promises";
import { constants } from "node:os";
import { nodeCrypto } from "@nova-agent/host/node";
import { findXenstore, nodeClock } from "@nova-agent/xenstore/node";
import type { ProgramHost } from "../../program-host.ts";
import { processTerminal } from "./process-terminal.ts";

const endingSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** guestctl's host on Node: this process. */
export function createNodeHost(): ProgramHost {
  return {
    terminal: processTerminal(),
    clock: nodeClock,
    crypto: nodeCrypto,
    findXenstore: () => findXenstore(process.env),
    readFile,
    onSignal,
    exit: (status) => process.exit(status),
  };
}

async function readFile(path: string, bytesMax: number): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const bytes = new Uint8Array(bytesMax);
    let length = 0;
    for (let count = -1; count !== 0; length += count) {
      ({ bytesRead: count } = await file.read(bytes, length, bytesMax - length));
    }
    return bytes.subarray(0, length);
  } finally {
    await file.close();
  }
}

function onSignal(callback: (number: number) => void): () => void {
  const tell = (name: NodeJS.Signals): void => callback(constants.signals[name]);
  for (const name of endingSignals) process.on(name, tell);
  return () => {
    for (const name of endingSignals) process.off(name, tell);
  };
}
