/** What a key press made of a line that is typed without echo. */
export type LineState = "typing" | "entered" | "interrupted";

const ENTER = new Set([0x0a, 0x0d]);
const BACKSPACE = new Set([0x08, 0x7f]);
const INTERRUPT = 0x03;
const END_OF_INPUT = 0x04;
const ERASE_LINE = 0x15;
const CONTINUATION = 0x80;

/** Collects the bytes of one line as a terminal in raw mode sends them: Backspace, Ctrl-U, Enter, Ctrl-C. */
export class LineEditor {
  readonly #bytes: number[] = [];

  /** Takes one byte; after anything but `typing` the line is over. */
  press(byte: number): LineState {
    if (ENTER.has(byte)) return "entered";
    if (byte === INTERRUPT || (byte === END_OF_INPUT && this.#bytes.length === 0)) return "interrupted";
    if (byte === ERASE_LINE) this.#bytes.length = 0;
    else if (BACKSPACE.has(byte)) this.#eraseCharacter();
    else if (byte >= 0x20) this.#bytes.push(byte);
    return "typing";
  }

  /** The bytes typed so far; the editor forgets them. */
  take(): Uint8Array {
    const line = Uint8Array.from(this.#bytes);
    this.#bytes.fill(0);
    this.#bytes.length = 0;
    return line;
  }

  /** Of a character in several bytes of UTF-8 the ones behind the first go with it. */
  #eraseCharacter(): void {
    let last = this.#bytes.pop();
    while (last !== undefined && (last & 0xc0) === CONTINUATION) last = this.#bytes.pop();
  }
}
