import { MessageType } from "../../wire/message-type.ts";
import { encodePacket, type Packet } from "../../wire/packet.ts";
import type { Assertions, DefineTest, StoreFixture } from "./contract.ts";
import { openRawConnection, type RawConnection } from "./raw-connection.ts";
import { parseBytes, renderBytes } from "./script.ts";
import { withStore } from "./with-store.ts";

/** What `testFraming` runs with. */
interface FramingOptions {
  readonly test: DefineTest;
  readonly assert: Assertions;
  readonly fixture: StoreFixture;
}

/** Defines the tests of what lies below the single message: headers, slices, order, the stream's end. */
export function testFraming({ test, assert, fixture }: FramingOptions): void {
  const framingTest = (name: string, domid: number, body: (raw: RawConnection) => Promise<void>): void =>
    test(name, () =>
      withStore(fixture, domid === 0 ? [] : [domid], async (store) => {
        const raw = openRawConnection(await store.connect(domid));
        await body(raw);
        raw.close();
      }),
    );

  framingTest("a reply echoes type, request id and transaction id, also of an error", 0, async (raw) => {
    raw.send(request({ type: MessageType.getDomainPath, requestId: 0xffffffff, payload: "5|" }));
    assert.deepEqual(describe(await raw.next()), "10/4294967295/0 /local/domain/5|");
    raw.send(request({ type: MessageType.transactionStart, requestId: 1, payload: "|" }));
    const transactionId = Number.parseInt(renderBytes((await raw.next())?.payload ?? new Uint8Array()), 10);
    raw.send(request({ type: MessageType.read, requestId: 7, transactionId, payload: "/missing|" }));
    assert.deepEqual(describe(await raw.next()), `16/7/${transactionId} ENOENT|`);
  });

  for (const domid of [0, 5]) {
    const who = domid === 0 ? "dom0" : "a domain";
    framingTest(`${who} may send many requests at once, and is answered in order`, domid, async (raw) => {
      const ids = Array.from({ length: 500 }, (_, index) => index);
      const replies: string[] = [];
      for (const requestId of ids) {
        raw.send(request({ type: MessageType.getDomainPath, requestId, payload: `${requestId}|` }));
      }
      for (const _ of ids) replies.push(describe(await raw.next()));
      assert.deepEqual(
        replies,
        ids.map((id) => `10/${id}/0 /local/domain/${id}|`),
      );
    });

    framingTest(`${who} may send a request in any slices`, domid, async (raw) => {
      const bytes = encodePacket(request({ type: MessageType.getDomainPath, requestId: 1, payload: "5|" }));
      for (const byte of bytes) raw.sendBytes(Uint8Array.of(byte));
      assert.deepEqual(describe(await raw.next()), "10/1/0 /local/domain/5|");
      raw.sendBytes(bytes.subarray(0, 17));
      raw.sendBytes(Uint8Array.from([...bytes.subarray(17), ...bytes]));
      assert.deepEqual(describe(await raw.next()), "10/1/0 /local/domain/5|");
      assert.deepEqual(describe(await raw.next()), "10/1/0 /local/domain/5|");
    });
  }

  framingTest("a request of more than 4096 bytes costs its sender the connection", 0, async (raw) => {
    const header = encodePacket(request({ type: MessageType.write, requestId: 1, payload: "" }));
    header.set([0x01, 0x10, 0, 0], 12);
    raw.sendBytes(header);
    assert.deepEqual(describe(await raw.next()), "closed");
  });
}

function request(parts: {
  readonly type: number;
  readonly requestId: number;
  readonly transactionId?: number;
  readonly payload: string;
}): Packet {
  return { transactionId: 0, ...parts, payload: parseBytes(parts.payload) };
}

function describe(packet: Packet | undefined): string {
  if (packet === undefined) return "closed";
  const { type, requestId, transactionId, payload } = packet;
  return `${type}/${requestId}/${transactionId} ${renderBytes(payload)}`;
}
