import * as os from "native:os";
import { encodeUtf8 } from "@nova-agent/xenstore";

export const STDIN = 0;
export const STDOUT = 1;
export const STDERR = 2;

/** Waits for whoever reads; what nobody reads any more is lost. */
export function write(fd: number, text: string): void {
  const bytes = encodeUtf8(text);
  for (let at = 0; at < bytes.length;) {
    const count = os.write(fd, bytes, at);
    if (count <= 0) return;
    at += count;
  }
}
