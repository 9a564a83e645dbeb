import * as os from "native:os";
import { encodeUtf8 } from "@nova-agent/xenstore";
import { LOG_WAIT_MS } from "./limits.ts";
import { STDERR } from "./output.ts";

// poll(2); pipe(7): a pipe that is told to have room takes as many bytes without waiting.
const POLLOUT = 0x4;
const PIPE_BUF_BYTES = 4096;

/**
 * Writes lines to standard error. One that nobody takes, or that a full disk refuses, is lost: no reason
 * to leave the guest alone, and the next ones wait no more until one is taken again.
 */
export function createLogSink(): (line: string) => void {
  const waited = new Int32Array(2);
  let isTaken = true;
  return (line) => {
    waited.set([STDERR, POLLOUT]);
    isTaken = os.poll(new Uint8Array(waited.buffer), 1, isTaken ? LOG_WAIT_MS : 0) === 1;
    if (!isTaken) return;
    const bytes = encodeUtf8(`${line}\n`);
    os.write(STDERR, bytes.subarray(0, PIPE_BUF_BYTES), 0);
  };
}
