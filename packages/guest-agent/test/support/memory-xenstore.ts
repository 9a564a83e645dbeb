import {
  type Connect,
  createTransportPair,
  MessageType,
  PacketDecoder,
  encodePacket,
  type Quotas,
  serve,
  Store,
  type Transport,
  XenstoreError,
} from "@nova-agent/xenstore";
import { nodeClock } from "@nova-agent/xenstore/node";
import { DOMID } from "./agent-harness.ts";

/** A XenStore in this process, with what can go wrong between it and the guest. */
export interface MemoryXenstore {
  readonly store: Store;
  readonly connectHost: Connect;
  readonly connectGuest: Connect;
  /** Ends the guest's connection; while `isDown`, no new one is made. */
  readonly dropGuest: () => void;
  isDown: boolean;
  /** Whether watch events to the guest get lost. */
  losesEvents: boolean;
  /** Whether the guest's connection ends instead of telling it that a transaction is committed. */
  endsAtCommit: boolean;
  /** Whether the guest may list in parts, which an oxenstored does not know. */
  listsInParts: boolean;
}

/** Starts one that knows the guest. */
export function createMemoryXenstore(quotas: Partial<Quotas> = {}): MemoryXenstore {
  const store = new Store({ quotas });
  store.introduce(DOMID);
  const guests: Transport[] = [];
  const connect = async (domid: number): Promise<Transport> => {
    const [client, server] = createTransportPair();
    serve(store, server, { domid, clock: nodeClock });
    return client;
  };
  const xenstore: MemoryXenstore = {
    store,
    isDown: false,
    losesEvents: false,
    endsAtCommit: false,
    listsInParts: true,
    connectHost: () => connect(0),
    connectGuest: async () => {
      if (xenstore.isDown) throw new XenstoreError("ENOENT", "No XenStore at the moment");
      const transport = await connect(DOMID);
      guests.push(transport);
      return faulty(transport, xenstore);
    },
    dropGuest: () => {
      for (const transport of guests) transport.close();
    },
  };
  return xenstore;
}

/** A type that every server answers with ENOSYS. */
const UNKNOWN_TYPE = 20;

/** Passes packets on, but for what the store is told to do wrong. */
function faulty(
  transport: Transport,
  faults: Pick<MemoryXenstore, "losesEvents" | "endsAtCommit" | "listsInParts">,
): Transport {
  const replies = new PacketDecoder();
  const requests = new PacketDecoder();
  return {
    start: (handlers) =>
      transport.start({
        ...handlers,
        receive: (bytes) =>
          replies.push(bytes, (packet) => {
            const isLost = packet.type === MessageType.watchEvent && faults.losesEvents;
            const isEnd = packet.type === MessageType.transactionEnd && faults.endsAtCommit;
            if (isEnd) transport.close();
            else if (!isLost) handlers.receive(encodePacket(packet));
          }),
      }),
    send: (bytes) => {
      let isQuick = true;
      requests.push(bytes, (packet) => {
        const isUnknown = packet.type === MessageType.directoryPart && !faults.listsInParts;
        isQuick = transport.send(encodePacket({ ...packet, ...(isUnknown && { type: UNKNOWN_TYPE }) }));
      });
      return isQuick;
    },
    get queuedBytes() {
      return transport.queuedBytes;
    },
    pause: () => transport.pause(),
    resume: () => transport.resume(),
    close: () => transport.close(),
  };
}
