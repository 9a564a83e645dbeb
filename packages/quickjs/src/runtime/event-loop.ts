import * as os from "native:os";
import { check } from "./errno.ts";

// poll(2): two 32-bit words a descriptor, the second of events and returned events.
const POLLFD_WORDS = 2;
const POLLIN = 0x1;
const POLLOUT = 0x4;
// An error or hang-up is told to whoever waits: the read or write that follows meets it.
const POLLERR = 0x8;
const POLLHUP = 0x10;
const POLLNVAL = 0x20;

/** Longest wait that poll(2) takes. */
const POLL_MAX_MS = 2 ** 31 - 1;

/** What to call when a descriptor is ready; what is absent is not waited for. */
export interface Readiness {
  readonly readable?: () => void;
  readonly writable?: () => void;
  /** Whether the loop may end although this is waited for. */
  readonly isBackground?: boolean;
}

interface Timer {
  readonly dueMs: number;
  readonly callback: () => void;
}

/**
 * Waits for descriptors and times, and calls those who wait. One turn serves every descriptor that was
 * ready, so that none starves another, and every time that has come. It ends when nothing is waited for.
 */
export class EventLoop {
  readonly #watched = new Map<number, Readiness>();
  /** The next one first. */
  #timers: Timer[] = [];
  #buffer = new Int32Array(POLLFD_WORDS * 8);
  #holds = 0;
  #isStopped = false;

  /** Makes the loop that this program runs. */
  static start(): EventLoop {
    const loop = new EventLoop();
    os.setTurn(() => loop.#turn());
    return loop;
  }

  /** Waits for a descriptor, instead of how it was waited for before. */
  watch(fd: number, readiness: Readiness): void {
    this.#watched.set(fd, readiness);
  }

  /** Waits for it no longer; to be called before it is closed. */
  unwatch(fd: number): void {
    this.#watched.delete(fd);
  }

  /** Calls back once after a delay; the returned function cancels it. */
  after(delayMs: number, callback: () => void): () => void {
    const timer = { dueMs: os.monotonicMs() + Math.max(0, delayMs), callback };
    const later = this.#timers.findIndex(({ dueMs }) => dueMs > timer.dueMs);
    this.#timers.splice(later < 0 ? this.#timers.length : later, 0, timer);
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  }

  /** Keeps the loop going until the returned function is called. */
  hold(): () => void {
    this.#holds += 1;
    let isHeld = true;
    return () => {
      if (isHeld) this.#holds -= 1;
      isHeld = false;
    };
  }

  /** Ends the loop, and with it the program, whatever is still waited for. */
  stop(): void {
    this.#isStopped = true;
  }

  #turn(): boolean {
    if (this.#isStopped || !this.#isHeld()) return false;
    const ready = this.#poll();
    for (const { fd, events } of ready) this.#tell(fd, events);
    this.#runTimers();
    return true;
  }

  #isHeld(): boolean {
    if (this.#timers.length > 0 || this.#holds > 0) return true;
    for (const { isBackground } of this.#watched.values()) if (isBackground !== true) return true;
    return false;
  }

  #poll(): { readonly fd: number; readonly events: number }[] {
    const words = this.#fill();
    const count = this.#watched.size;
    check(os.poll(new Uint8Array(words.buffer), count, this.#timeoutMs()));
    const ready = [];
    for (let at = 0; at < count * POLLFD_WORDS; at += POLLFD_WORDS) {
      const events = (words[at + 1] ?? 0) >>> 16;
      if (events !== 0) ready.push({ fd: words[at] ?? -1, events });
    }
    return ready;
  }

  #fill(): Int32Array {
    const size = this.#watched.size * POLLFD_WORDS;
    if (this.#buffer.length < size) this.#buffer = new Int32Array(size * 2);
    let at = 0;
    for (const [fd, { readable, writable }] of this.#watched) {
      this.#buffer[at] = fd;
      this.#buffer[at + 1] = (readable === undefined ? 0 : POLLIN) | (writable === undefined ? 0 : POLLOUT);
      at += POLLFD_WORDS;
    }
    return this.#buffer;
  }

  /** Rounded up: a turn before the time would find nothing to do. */
  #timeoutMs(): number {
    const [next] = this.#timers;
    if (next === undefined) return -1;
    return Math.min(Math.max(0, Math.ceil(next.dueMs - os.monotonicMs())), POLL_MAX_MS);
  }

  // Looked up anew before each call: the one before may have ended what was waited for.
  #tell(fd: number, events: number): void {
    const isEnded = (events & (POLLERR | POLLHUP | POLLNVAL)) !== 0;
    if ((events & POLLIN) !== 0 || isEnded) this.#watched.get(fd)?.readable?.();
    if ((events & POLLOUT) !== 0 || isEnded) this.#watched.get(fd)?.writable?.();
  }

  #runTimers(): void {
    const nowMs = os.monotonicMs();
    // Those that are set meanwhile wait for the next turn, however soon they are due.
    const due = this.#timers.filter(({ dueMs }) => dueMs <= nowMs);
    for (const timer of due) {
      if (!this.#timers.includes(timer)) continue;
      this.#timers = this.#timers.filter((each) => each !== timer);
      timer.callback();
    }
  }
}
