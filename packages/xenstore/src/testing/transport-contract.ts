import { TRANSPORT_QUEUE_BYTES } from "../limits.ts";
import type { Transport } from "../transport/transport.ts";

/** What a contract suite needs of the test runner: node:test and node:assert/strict fit. */
export interface ContractTools {
  readonly test: (name: string, body: () => Promise<void>) => void;
  readonly assert: {
    readonly equal: (actual: unknown, expected: unknown) => void;
    readonly deepEqual: (actual: unknown, expected: unknown) => void;
  };
}

/** Two joined transports, and what takes down the rest. */
export interface JoinedTransports {
  readonly left: Transport;
  readonly right: Transport;
  readonly dispose: () => Promise<void>;
}

/** The suite that every pair of joined transports passes. */
export function testTransportContract(tools: ContractTools, join: () => Promise<JoinedTransports>): void {
  const { test, assert } = tools;
  const contract = (name: string, body: (pair: JoinedTransports) => Promise<void>): void =>
    test(name, async () => {
      const pair = await join();
      try {
        await body(pair);
      } finally {
        pair.left.close();
        pair.right.close();
        await pair.dispose();
      }
    });

  contract("bytes arrive in order, in both directions", async ({ left, right }) => {
    const [atLeft, atRight] = [record(left), record(right)];
    for (const byte of [1, 2, 3]) left.send(new Uint8Array([byte, byte]));
    right.send(new Uint8Array([9]));
    await atRight.until(() => atRight.bytes.length === 6);
    await atLeft.until(() => atLeft.bytes.length === 1);
    assert.deepEqual(atRight.bytes, [1, 1, 2, 2, 3, 3]);
    assert.deepEqual(atLeft.bytes, [9]);
  });

  contract("nothing is lost before start", async ({ left, right }) => {
    const atLeft = record(left);
    left.send(new Uint8Array([1, 2]));
    right.send(new Uint8Array([3]));
    await atLeft.until(() => atLeft.bytes.length === 1);
    const atRight = record(right);
    await atRight.until(() => atRight.bytes.length === 2);
    assert.deepEqual(atRight.bytes, [1, 2]);
  });

  contract("a paused side receives nothing until it resumes", async ({ left, right }) => {
    const [atLeft, atRight] = [record(left), record(right)];
    left.pause();
    right.send(new Uint8Array([1]));
    for (let round = 1; round <= 3; round += 1) {
      left.send(new Uint8Array([round]));
      await atRight.until(() => atRight.bytes.length === round);
    }
    assert.deepEqual(atLeft.bytes, []);
    left.resume();
    await atLeft.until(() => atLeft.bytes.length === 1);
    assert.deepEqual(atLeft.bytes, [1]);
  });

  contract(
    "send returns false over the limit, and drained tells when all is gone",
    async ({ left, right }) => {
      const [atLeft, atRight] = [record(left), record(right)];
      right.pause();
      let sentBytes = 0;
      let isTaken = true;
      // A socket's own buffers take some first.
      while (isTaken && sentBytes < 64 * TRANSPORT_QUEUE_BYTES) {
        isTaken = left.send(new Uint8Array(4096));
        sentBytes += 4096;
      }
      assert.equal(isTaken, false);
      assert.equal(left.queuedBytes > TRANSPORT_QUEUE_BYTES, true);
      assert.equal(atLeft.drains(), 0);
      right.resume();
      await atLeft.until(() => atLeft.drains() === 1);
      assert.equal(left.queuedBytes, 0);
      await atRight.until(() => atRight.bytes.length === sentBytes);
    },
  );

  contract("close tells this side no reason and the other side one, once each", async ({ left, right }) => {
    const [atLeft, atRight] = [record(left), record(right)];
    left.close();
    left.close();
    await atLeft.until(() => atLeft.ends.length === 1);
    await atRight.until(() => atRight.ends.length === 1);
    assert.deepEqual(atLeft.ends, [undefined]);
    assert.equal(atRight.ends[0] instanceof Error, true);
    assert.equal(left.send(new Uint8Array([1])), true);
    right.close();
    assert.equal(right.send(new Uint8Array([1])), true);
    await Promise.resolve();
    assert.equal(atLeft.ends.length + atRight.ends.length, 2);
  });

  contract("what was sent right before the end arrives before it", async ({ left, right }) => {
    record(left);
    left.send(new Uint8Array([1, 2]));
    left.send(new Uint8Array([3]));
    left.close();
    const atRight = record(right);
    await atRight.until(() => atRight.ends.length === 1);
    assert.deepEqual(atRight.bytes, [1, 2, 3]);
  });

  contract("an end before start is told at start", async ({ left, right }) => {
    const atRight = record(right);
    left.close();
    await atRight.until(() => atRight.ends.length === 1);
    const atLeft = record(left);
    await atLeft.until(() => atLeft.ends.length === 1);
    assert.deepEqual(atLeft.ends, [undefined]);
  });
}

/** What a started transport told. */
interface Recording {
  readonly bytes: readonly number[];
  readonly ends: readonly (Error | undefined)[];
  readonly drains: () => number;
  /** Resolves when `isReached` holds, looked at whenever the transport tells something. */
  readonly until: (isReached: () => boolean) => Promise<void>;
}

function record(transport: Transport): Recording {
  const bytes: number[] = [];
  const ends: (Error | undefined)[] = [];
  const waiting = new Set<() => void>();
  let drains = 0;
  const look = (): void => {
    for (const wake of waiting) wake();
  };
  transport.start({
    receive(chunk) {
      for (const byte of chunk) bytes.push(byte);
      look();
    },
    drained() {
      drains += 1;
      look();
    },
    closed(reason) {
      ends.push(reason);
      look();
    },
  });
  const until = (isReached: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const wake = (): void => {
        if (!isReached()) return;
        waiting.delete(wake);
        resolve();
      };
      waiting.add(wake);
      wake();
    });
  return { bytes, ends, drains: () => drains, until };
}
