import { decodeUtf8 } from "@nova-agent/xenstore";

const LINE_FEED = 0x0a;

/** Cuts bytes into lines; what is longer than the limit is dropped. */
export class LineReader {
  readonly #maxBytes: number;
  readonly #onLine: (line: string) => void;
  #rest = new Uint8Array();

  constructor(maxBytes: number, onLine: (line: string) => void) {
    this.#maxBytes = maxBytes;
    this.#onLine = onLine;
  }

  push(bytes: Uint8Array): void {
    const all = new Uint8Array(this.#rest.length + bytes.length);
    all.set(this.#rest);
    all.set(bytes, this.#rest.length);
    let start = 0;
    for (let end = all.indexOf(LINE_FEED); end >= 0; end = all.indexOf(LINE_FEED, start)) {
      const line = decodeUtf8(all.subarray(start, end));
      if (line !== undefined) this.#onLine(line);
      start = end + 1;
    }
    const rest = all.slice(start);
    this.#rest = rest.length > this.#maxBytes ? new Uint8Array() : rest;
  }
}
