import { constants } from "node:os";
import { nodeCrypto } from "@nova-agent/host/node";
import { findXenstore, nodeClock } from "@nova-agent/xenstore/node";
import type { ProgramHost } from "../../program-host.ts";
import { sendHttp } from "./send-http.ts";
import { openFile } from "./open-file.ts";
import { processTerminal } from "./process-terminal.ts";

const endingSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** guestctl's host on Node: this process. */
export function createNodeHost(): ProgramHost {
  return {
    terminal: processTerminal(),
    clock: nodeClock,
    crypto: nodeCrypto,
    api: { environment: (name) => process.env[name], send: sendHttp },
    findXenstore: () => findXenstore(process.env),
    openFile,
    onSignal,
    exit: (status) => process.exit(status),
  };
}

function onSignal(callback: (number: number) => void): () => void {
  const tell = (name: NodeJS.Signals): void => callback(constants.signals[name]);
  for (const name of endingSignals) process.on(name, tell);
  return () => {
    for (const name of endingSignals) process.off(name, tell);
  };
}
