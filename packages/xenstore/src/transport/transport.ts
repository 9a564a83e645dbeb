/** What a transport tells its one user. */
export interface TransportHandlers {
  /** Bytes arrived, in any slices. The view is valid only during the call: copy what must stay. */
  receive(bytes: Uint8Array): void;
  /** The queue of unsent bytes, which made `send` return false, is empty again. */
  drained?(): void;
  /** The end, told exactly once, also after `close()`; with the reason when it was not asked for. */
  closed(reason?: Error): void;
}

/**
 * A two-way byte pipe to the other side of a XenStore connection: the one port between the protocol
 * and the world. Implementations: in-memory pair, unix socket, /dev/xen/xenbus.
 */
export interface Transport {
  /** Begins delivery. Called once; before it nothing is received and nothing is lost. */
  start(handlers: TransportHandlers): void;
  /**
   * Sends the bytes of one or more whole packets in order; a packet is never split over two calls.
   * They belong to the transport from here on. False means that the peer is slow: the bytes are
   * queued all the same, and a good citizen waits for `drained`. After the end it does nothing.
   */
  send(bytes: Uint8Array): boolean;
  /** Whether a request may be sent only when the one before it has been answered. */
  readonly takesOneRequest?: boolean;
  /** Bytes accepted by `send` that the peer has not taken yet. */
  readonly queuedBytes: number;
  /** Stops delivery until `resume()`, so that a peer that sends too much is slowed down. */
  pause(): void;
  resume(): void;
  /** Ends the connection; safe to call twice. */
  close(): void;
}

/** Opens a connection; rejects with a XenstoreError that says what could not be reached. */
export type Connect = () => Promise<Transport>;
