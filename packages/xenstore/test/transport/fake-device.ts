import assert from "node:assert/strict";
import { decodeLatin1, type DeviceError, readPacket, type XenbusDevice } from "@nova-agent/xenstore";

/** A device that a test plays, and that holds its user to the device's rules. */
export interface FakeDevice extends XenbusDevice {
  /** Packets written so far, as `requestId:first argument`. */
  readonly written: readonly string[];
  /** Ends the write under way. */
  readonly finishWrite: (errorCode?: string) => void;
  /** Ends the read under way with these bytes; an error code instead breaks the device. */
  readonly answer: (bytes: Uint8Array | string) => void;
  readonly isReading: () => boolean;
  readonly isClosed: () => boolean;
  readonly isExitWatched: () => boolean;
  /** Ends the process, as far as the transport knows. */
  readonly exit: () => void;
}

type Read = { readonly buffer: Uint8Array; readonly done: Parameters<XenbusDevice["read"]>[1] };

export function createFakeDevice(): FakeDevice {
  const written: string[] = [];
  let reading: Read | undefined;
  let writing: Parameters<XenbusDevice["write"]>[1] | undefined;
  let isClosed = false;
  let atExit: (() => void) | undefined;
  const note = (bytes: Uint8Array): void => {
    const { requestId } = readPacket(bytes, 0, 0);
    written.push(`${requestId}:${decodeLatin1(bytes.subarray(16)).split("\0")[0] ?? ""}`);
  };
  return {
    written,
    read(buffer, done) {
      assert.equal(reading, undefined, "one read at a time");
      assert.equal(isClosed, false);
      reading = { buffer, done };
    },
    write(bytes, done) {
      assert.equal(writing, undefined, "writes do not overlap");
      assert.equal(isClosed, false);
      note(bytes);
      writing = done;
    },
    beforeExit(wake) {
      atExit = () => wake(note);
      return () => {
        atExit = undefined;
      };
    },
    close() {
      assert.equal(reading, undefined, "closing leaves a read blocked");
      assert.equal(isClosed, false, "closed once");
      isClosed = true;
    },
    finishWrite(code) {
      const done = writing;
      assert.ok(done !== undefined, "a write is under way");
      writing = undefined;
      done(code === undefined ? null : deviceError(code));
    },
    answer(bytes) {
      assert.ok(reading !== undefined, "a read is under way");
      const { buffer, done } = reading;
      reading = undefined;
      if (typeof bytes === "string") {
        done(deviceError(bytes), 0);
        return;
      }
      buffer.set(bytes);
      done(null, bytes.length);
    },
    isReading: () => reading !== undefined,
    isClosed: () => isClosed,
    isExitWatched: () => atExit !== undefined,
    exit: () => atExit?.(),
  };
}

function deviceError(code: string): DeviceError {
  return Object.assign(new Error(code), { code });
}
