import {
  type Clock,
  encodePacket,
  MessageType,
  PacketDecoder,
  type Transport,
  type TransportHandlers,
  XenstoreError,
} from "@nova-agent/xenstore";
import type { EventLog } from "./event-log.ts";
import type { FaultKind, Faults } from "./faults.ts";
import { LATENCY_MAX_MS, LATE_MAX_MS, LATE_MIN_MS, MUTE_MAX_MS, MUTE_MIN_MS } from "./limits.ts";
import type { Random } from "./random.ts";
import type { BreakableTransport, SimulatedProcess } from "./simulated-process.ts";

/** What a connection of a process stands on. */
export interface SimulatedTransportOptions {
  /** The process's end of an in-memory pair. */
  readonly inner: Transport;
  readonly process: SimulatedProcess;
  readonly clock: Clock;
  readonly random: Random;
  readonly faults: Faults;
  readonly log: EventLog;
  /** Which fault kills the process here. */
  readonly crash: FaultKind;
  /** Whether it is a guest's, which may be mute or late. */
  readonly isGuest: boolean;
}

/** A connection that takes time, in order, and on which everything may go wrong. */
export class SimulatedTransport implements BreakableTransport {
  readonly #options: SimulatedTransportOptions;
  readonly #replies = new PacketDecoder();
  /** Nothing passes before, in each direction. */
  #outAtMs = 0;
  #inAtMs = 0;
  #isClosed = false;

  constructor(options: SimulatedTransportOptions) {
    this.#options = options;
    options.process.own(this);
  }

  get queuedBytes(): number {
    return this.#options.inner.queuedBytes;
  }

  start(handlers: TransportHandlers): void {
    const { inner, process } = this.#options;
    inner.start({
      receive: (bytes) => this.#receive(bytes, handlers),
      drained: () => process.isAlive && handlers.drained?.(),
      closed: (reason) =>
        this.#pass("in", () => {
          const wasAsked = this.#isClosed;
          this.#isClosed = true;
          handlers.closed(
            wasAsked ? undefined : (reason ?? new XenstoreError("ECLOSED", "Connection broke")),
          );
        }),
    });
  }

  send(bytes: Uint8Array): boolean {
    const { inner, process, faults, log, isGuest, random, crash } = this.#options;
    if (!process.isAlive || this.#isClosed) return true;
    log.stir(bytes);
    if (isGuest && faults.strikes("lateReply", process.name)) {
      this.#outAtMs = process.clock.nowMs() + random.between(LATE_MIN_MS, LATE_MAX_MS);
    }
    const isLast = faults.strikes(crash, `${process.name}, sending`);
    // A process that is killed may have sent what it was about to.
    if (isLast && random.chance(0.5)) process.kill();
    else if (faults.strikes("connectionBreak", process.name)) this.#breakAt(bytes);
    else this.#options.clock.after(this.#delay("out"), () => inner.send(bytes));
    if (isLast) this.#options.clock.after(0, () => process.kill());
    return true;
  }

  pause(): void {
    this.#options.inner.pause();
  }

  resume(): void {
    this.#options.inner.resume();
  }

  close(): void {
    const { inner, clock } = this.#options;
    this.#isClosed = true;
    // What was sent before still arrives.
    clock.after(this.#delay("out"), () => inner.close());
  }

  /** Ends it as the other side would. */
  break(): void {
    this.#options.inner.close();
  }

  /** Ends the connection before the server has the bytes, or after. */
  #breakAt(bytes: Uint8Array): void {
    const { inner, clock, random } = this.#options;
    const arrives = random.chance(0.5);
    clock.after(this.#delay("out"), () => {
      if (arrives) inner.send(bytes);
      clock.after(1, () => inner.close());
    });
  }

  #receive(bytes: Uint8Array, handlers: TransportHandlers): void {
    const { process, faults, isGuest, random, log } = this.#options;
    if (isGuest && faults.strikes("muteGuest", process.name)) {
      this.#inAtMs = process.clock.nowMs() + random.between(MUTE_MIN_MS, MUTE_MAX_MS);
    }
    this.#replies.push(bytes, (packet) => {
      const isEvent = packet.type === MessageType.watchEvent;
      if (isEvent && faults.strikes("eventLost", process.name)) return;
      const copy = encodePacket(packet);
      log.stir(copy);
      this.#pass("in", () => handlers.receive(copy));
    });
  }

  /** Does it when it is its turn, unless the process has ended. */
  #pass(direction: "in" | "out", act: () => void): void {
    const { process, clock } = this.#options;
    clock.after(this.#delay(direction), () => {
      if (process.isAlive) act();
    });
  }

  #delay(direction: "in" | "out"): number {
    const { clock, random } = this.#options;
    const nowMs = clock.nowMs();
    const atMs = Math.max(
      direction === "in" ? this.#inAtMs : this.#outAtMs,
      nowMs + random.below(LATENCY_MAX_MS),
    );
    if (direction === "in") this.#inAtMs = atMs;
    else this.#outAtMs = atMs;
    return atMs - nowMs;
  }
}
