import assert from "node:assert/strict";
import { setImmediate as settle } from "node:timers/promises";
import { test } from "node:test";
import * as fc from "fast-check";
import {
  createTransportPair,
  RECONNECT_DELAY_MAX_MS,
  serve,
  Store,
  type Transport,
  type Watch,
  XenstoreClient,
  XenstoreError,
} from "@nova-agent/xenstore";
import { createManualClock, type ManualClock } from "@nova-agent/xenstore/testing";

type Fault =
  | { readonly kind: "write" }
  | { readonly kind: "break" }
  | { readonly kind: "refuse"; readonly isRefused: boolean }
  | { readonly kind: "advance"; readonly deltaMs: number };

const faults = fc.array(
  fc.oneof(
    fc.constant<Fault>({ kind: "write" }),
    fc.constant<Fault>({ kind: "break" }),
    fc.boolean().map((isRefused): Fault => ({ kind: "refuse", isRefused })),
    fc.integer({ min: 1, max: 3000 }).map((deltaMs): Fault => ({ kind: "advance", deltaMs })),
  ),
  { maxLength: 25 },
);

test("whatever happens to the connection, a watcher ends up with the last value", async () => {
  await fc.assert(
    fc.asyncProperty(faults, async (script) => {
      const world = await openWorld();
      let written = 0;
      for (const fault of script) {
        if (fault.kind === "write") await world.writer.write("/value", String((written += 1)));
        if (fault.kind === "break") world.breakConnection();
        if (fault.kind === "refuse") world.setRefused(fault.isRefused);
        if (fault.kind === "advance") world.clock.advance(fault.deltaMs);
        if (fault.kind === "advance" && fault.deltaMs % 2 === 0) await settle();
      }
      world.setRefused(false);
      await settle();
      world.clock.advance(RECONNECT_DELAY_MAX_MS);
      await settle();
      await settle();
      assert.equal(world.seen(), String(written));
      await Promise.all([world.reader.close(), world.writer.close()]);
      await world.watching;
    }),
    { numRuns: 200 },
  );
});

interface World {
  readonly clock: ManualClock;
  readonly writer: XenstoreClient;
  readonly reader: XenstoreClient;
  readonly breakConnection: () => void;
  readonly setRefused: (isRefused: boolean) => void;
  /** The value that the reader read last. */
  readonly seen: () => string | undefined;
  readonly watching: Promise<void>;
}

/** A store with a writer whose connection holds, and a reader whose connection can be broken. */
async function openWorld(): Promise<World> {
  const clock = createManualClock();
  const store = new Store();
  let isRefused = false;
  let latest: Transport | undefined;
  const connectWriter = async (): Promise<Transport> => {
    const [ours, theirs] = createTransportPair();
    serve(store, theirs, { domid: 0, clock });
    return ours;
  };
  const connectReader = async (): Promise<Transport> => {
    if (isRefused) throw new XenstoreError("ENOENT", "Refused by the test");
    const [ours, theirs] = createTransportPair();
    serve(store, theirs, { domid: 0, clock });
    latest = theirs;
    return ours;
  };
  const writer = await XenstoreClient.open({ connect: connectWriter, clock });
  await writer.write("/value", "0");
  const reader = await XenstoreClient.open({ connect: connectReader, clock });
  const watch = reader.watch("/value");
  await watch.ready;
  let seen: string | undefined;
  const watching = follow(watch, async () => {
    seen = await reader.readText("/value");
  });
  return {
    clock,
    writer,
    reader,
    breakConnection: () => latest?.close(),
    setRefused: (value) => void (isRefused = value),
    seen: () => seen,
    watching,
  };
}

/** Looks after each event. A look that the connection cost is made up for by the next event. */
async function follow(watch: Watch, look: () => Promise<void>): Promise<void> {
  for await (const event of watch) {
    assert.equal(event.path, "/value");
    try {
      await look();
    } catch (error) {
      assert.ok(error instanceof XenstoreError && ["ECLOSED", "ETIMEDOUT"].includes(error.code));
    }
  }
}
