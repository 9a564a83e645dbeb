import type { Transport } from "../../transport/transport.ts";
import { PacketDecoder } from "../../wire/decoder.ts";
import { encodePacket, type Packet } from "../../wire/packet.ts";

/** A connection that shows every packet in the order in which it came. */
export interface RawConnection {
  /** Sends one packet. */
  send(packet: Packet): void;
  /** Sends bytes as they are, for what is no packet. */
  sendBytes(bytes: Uint8Array): void;
  /** The next packet; undefined when the server has closed the connection. */
  next(): Promise<Packet | undefined>;
  close(): void;
}

/** Opens a raw connection over a transport. */
export function openRawConnection(transport: Transport): RawConnection {
  const received: Packet[] = [];
  const takers: ((packet: Packet | undefined) => void)[] = [];
  let isEnded = false;
  const end = (): void => {
    isEnded = true;
    for (const take of takers.splice(0)) take(undefined);
  };
  const accept = (packet: Packet): void => {
    const copy = { ...packet, payload: packet.payload.slice() };
    const take = takers.shift();
    if (take === undefined) received.push(copy);
    else take(copy);
  };
  const decoder = new PacketDecoder();
  const receive = (bytes: Uint8Array): void => {
    try {
      decoder.push(bytes, accept);
    } catch {
      // The server sent what is no packet: to its peer that is the end of the connection.
      transport.close();
    }
  };
  transport.start({ receive, closed: end });
  return {
    send: (packet) => void transport.send(encodePacket(packet)),
    sendBytes: (bytes) => void transport.send(bytes),
    next() {
      const packet = received.shift();
      if (packet !== undefined || isEnded) return Promise.resolve(packet);
      return new Promise((resolve) => takers.push(resolve));
    },
    close: () => transport.close(),
  };
}
