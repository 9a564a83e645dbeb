import type { Transport } from "../transport/transport.ts";
import { PacketDecoder } from "../wire/decoder.ts";
import { MessageType } from "../wire/message-type.ts";
import { encodePacket, type Packet } from "../wire/packet.ts";
import { encodeTexts, encodeWatchEvent } from "../wire/replies.ts";

/** The server's end of a connection, played by a test: it takes requests and answers as it likes. */
export interface ScriptedServer {
  /** Requests that were not taken yet, oldest first. */
  readonly requests: readonly Packet[];
  /** Takes the next request; waits for it. */
  next(): Promise<Packet>;
  /** Answers a request with a payload, or with texts that are each ended by a nul. */
  reply(request: Packet, payload: Uint8Array | readonly string[]): void;
  /** Answers a request with an error's name. */
  fail(request: Packet, errorName: string): void;
  /** Sends a watch event. */
  event(path: string, token: string): void;
  /** Sends bytes as they are. */
  send(bytes: Uint8Array): void;
  /** Ends the connection. */
  close(): void;
  /** Resolves when the connection has ended, from whichever side. */
  readonly ended: Promise<void>;
}

/** Plays the server on one side of a transport. */
export function createScriptedServer(transport: Transport): ScriptedServer {
  const decoder = new PacketDecoder();
  const requests: Packet[] = [];
  const takers: ((packet: Packet) => void)[] = [];
  const ended = new Promise<void>((resolve) => {
    transport.start({
      receive: (bytes) =>
        decoder.push(bytes, (packet) => {
          const copy = { ...packet, payload: packet.payload.slice() };
          const take = takers.shift();
          if (take === undefined) requests.push(copy);
          else take(copy);
        }),
      closed: () => resolve(),
    });
  });
  const answer = (request: Packet, type: number, payload: Uint8Array): void => {
    const { requestId, transactionId } = request;
    transport.send(encodePacket({ type, requestId, transactionId, payload }));
  };
  return {
    requests,
    ended,
    next() {
      const packet = requests.shift();
      return packet === undefined ? new Promise((resolve) => takers.push(resolve)) : Promise.resolve(packet);
    },
    reply(request, payload) {
      answer(request, request.type, payload instanceof Uint8Array ? payload : encodeTexts(payload));
    },
    fail: (request, errorName) => answer(request, MessageType.error, encodeTexts([errorName])),
    event(path, token) {
      const payload = encodeWatchEvent({ path, token });
      transport.send(encodePacket({ type: MessageType.watchEvent, requestId: 0, transactionId: 0, payload }));
    },
    send: (bytes) => void transport.send(bytes),
    close: () => transport.close(),
  };
}
