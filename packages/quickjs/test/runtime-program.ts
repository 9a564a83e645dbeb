import assert from "node:assert/strict";
import { test } from "node:test";
import * as os from "native:os";
import { check, connectUnix, createClock, onSignals, Programs } from "@nova-agent/quickjs";
import { loop } from "@nova-agent/quickjs/testing-globals";
import { decodeUtf8, encodeUtf8 } from "@nova-agent/xenstore";
import { testTransportContract } from "@nova-agent/xenstore/testing";

// Runs on the engine. Its arguments are an empty directory and a socket whose server joins two connections
// at a time.

const [, directory = "", bridge = ""] = os.programArguments();
const clock = createClock(loop);
const SIGUSR1 = 10;

function after(delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(delayMs, () => resolve());
  });
}

test("of two descriptors that are always readable both are served", async () => {
  const pipes = [check(os.pipe()), check(os.pipe())];
  const counts = [0, 0];
  for (const [index, [reader, writer]] of pipes.entries()) {
    os.write(writer, encodeUtf8("more than is read"), 0);
    loop.watch(reader, { readable: () => (counts[index] = (counts[index] ?? 0) + 1) });
  }
  await after(5);
  for (const [reader, writer] of pipes) {
    loop.unwatch(reader);
    os.close(reader);
    os.close(writer);
  }
  assert.ok(
    counts.every((count) => count > 0),
    counts.join(),
  );
});

test("a signal that is handled calls its handler and ends nothing", async () => {
  let signals = 0;
  onSignals(loop, [SIGUSR1], () => (signals += 1));
  check(os.kill(os.processId(), SIGUSR1));
  await after(5);
  check(os.kill(os.processId(), SIGUSR1));
  await after(5);
  assert.equal(signals, 2);
});

test("a handler that ends what another waits for leaves it uncalled", async () => {
  const [reader, writer] = check(os.pipe());
  const [other, otherWriter] = check(os.pipe());
  let calls = 0;
  const once = (): void => {
    calls += 1;
    loop.unwatch(reader);
    loop.unwatch(other);
  };
  loop.watch(reader, { readable: once });
  loop.watch(other, { readable: once });
  os.write(writer, encodeUtf8("x"), 0);
  os.write(otherWriter, encodeUtf8("x"), 0);
  await after(5);
  for (const fd of [reader, writer, other, otherWriter]) os.close(fd);
  assert.equal(calls, 1);
});

test("timers run in the order of their times, and not when they are cancelled", async () => {
  const ran: string[] = [];
  clock.after(4, () => ran.push("late"));
  const cancel = clock.after(1, () => ran.push("cancelled"));
  clock.after(2, () => ran.push("early"));
  cancel();
  await after(8);
  assert.deepEqual(ran, ["early", "late"]);
});

test("calls that fail are told by the errno's name", () => {
  const failures = [
    () => os.open(`${directory}/missing/file`, os.O_RDONLY, 0),
    () => os.mkdir("/proc/x", 0o755),
    () => os.readlink("/"),
    () => os.close(9999),
    () => os.connectUnix(`${directory}/missing/socket`),
    () => os.sendDatagram(`${directory}/missing/socket`, new Uint8Array(1)),
    () => os.readdir("/etc/passwd"),
    () => os.realpath(`${directory}/missing`),
    () => os.statvfs(`${directory}/missing`),
    () => os.exec(`${directory}/missing`, ["x"], []),
    () => os.wait(1),
  ];
  const codes = failures.map((fail) => {
    try {
      check<unknown>(fail());
      return "none";
    } catch (error) {
      return (error as { code?: string }).code;
    }
  });
  assert.deepEqual(codes, [
    "ENOENT",
    "ENOENT",
    "EINVAL",
    "EBADF",
    "ENOENT",
    "ENOENT",
    "ENOTDIR",
    "ENOENT",
    "ENOENT",
    "ENOENT",
    "ECHILD",
  ]);
});

test("arguments of a wrong kind or size are refused and break nothing", () => {
  const wrong: (() => unknown)[] = [
    () => os.read(0, "text" as unknown as Uint8Array, 0),
    () => os.read(0, new Uint8Array(4), 5),
    () => os.write(1, new Uint8Array(4), -1),
    () => os.poll(new Uint8Array(8), 2, 0),
    () => os.open("a\0b", os.O_RDONLY, 0),
    () => os.connectUnix("x".repeat(200)),
    () => os.spawn("/bin/true", ["a\0b"], [], 0, 1, 2),
    () =>
      os.spawn(
        "/bin/true",
        Array.from({ length: 5000 }, () => "x"),
        [],
        0,
        1,
        2,
      ),
    () => os.openSignals(undefined as unknown as number[]),
    () => os.randomBytes({} as Uint8Array),
  ];
  for (const call of wrong) assert.throws(call);
});

test("random bytes differ, and memory can be given back", () => {
  const [first, second] = [new Uint8Array(32), new Uint8Array(32)];
  check(os.randomBytes(first));
  check(os.randomBytes(second));
  assert.notDeepEqual(first, second);
  os.releaseMemory();
});

test("many programs end well beside each other", async () => {
  const programs = new Programs(loop);
  const outputs = await Promise.all(
    Array.from({ length: 20 }, async (_none, index) => {
      let text = "";
      const program = programs.start({
        argv: ["sh", "-c", `cat; exit ${index}`],
        environment: [],
        path: "/usr/bin:/bin",
        stdin: encodeUtf8(String(index)),
        onStdout: (bytes) => (text += decodeUtf8(bytes) ?? ""),
      });
      const status = await program.ended;
      await program.drained;
      return `${text}:${status}`;
    }),
  );
  assert.deepEqual(
    outputs,
    outputs.map((_text, index) => `${index}:${index}`),
  );
});

test("a file is opened with the flags of this machine", () => {
  const path = `${directory}/new`;
  const fd = check(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600));
  os.close(fd);
  assert.throws(() => check(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)), { code: "EEXIST" });
  assert.throws(() => check(os.open(path, os.O_RDONLY | os.O_DIRECTORY, 0)), { code: "ENOTDIR" });
});

testTransportContract({ test: (name, body) => void test(name, body), assert }, async () => {
  const connect = connectUnix(bridge, loop);
  const left = await connect();
  const right = await connect();
  return { left, right, dispose: () => Promise.resolve() };
});
