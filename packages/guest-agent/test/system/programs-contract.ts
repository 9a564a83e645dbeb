import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { decodeUtf8, encodeUtf8 } from "@nova-agent/xenstore";
import type { Files, System } from "../../src/system/system.ts";

/** How programs are run, with an empty directory of its own. */
export interface ProgramsUnderTest {
  readonly run: System["run"];
  readonly files: Files;
  /** Absolute path of the empty directory. */
  readonly directory: string;
  /** The variables that programs get, PATH among them. */
  readonly environment: Readonly<Record<string, string>>;
}

const TIMEOUT_MS = 20_000;
const LOOKS_MAX = 200;

interface Outcome {
  readonly status: number;
  readonly stdout: string | undefined;
  readonly stderr: string | undefined;
}

/** What every way to run programs must do. */
export function programsContract(
  name: string,
  setUp: (context: TestContext) => Promise<ProgramsUnderTest>,
): void {
  const each: Each = (behaviour, body) => {
    test(`${name}: ${behaviour}`, async (context) => body(new Fixture(await setUp(context)), context));
  };
  outcomeBehaviour(each);
  inputBehaviour(each);
  refusalBehaviour(each);
  endBehaviour(each);
}

type Each = (behaviour: string, body: (fixture: Fixture, context: TestContext) => Promise<void>) => void;

class Fixture {
  readonly #setUp: ProgramsUnderTest;

  constructor(setUp: ProgramsUnderTest) {
    this.#setUp = setUp;
  }

  get environment(): Readonly<Record<string, string>> {
    return this.#setUp.environment;
  }

  path(name: string): string {
    return `${this.#setUp.directory}/${name}`;
  }

  text(path: string): string {
    return decodeUtf8(this.#setUp.files.read(path, 10_000)) ?? "";
  }

  async run(
    argv: readonly [string, ...string[]],
    { stdin, timeoutMs = TIMEOUT_MS }: { readonly stdin?: Uint8Array; readonly timeoutMs?: number } = {},
  ): Promise<Outcome> {
    const call = { argv, timeoutMs };
    const result = await this.#setUp.run(stdin === undefined ? call : { ...call, stdin });
    return { status: result.status, stdout: decodeUtf8(result.stdout), stderr: decodeUtf8(result.stderr) };
  }

  shell(script: string, stdin?: Uint8Array): Promise<Outcome> {
    return this.run(["sh", "-c", script], stdin === undefined ? {} : { stdin });
  }

  // A zombie waits for its parent only; in a container nobody may collect it.
  hasEnded(pid: string): boolean {
    if (this.#setUp.files.status(`/proc/${pid}`) === undefined) return true;
    return /^State:\s+Z/m.test(this.text(`/proc/${pid}/status`));
  }

  async untilEnded(pid: string): Promise<void> {
    for (let looks = 0; looks < LOOKS_MAX && !this.hasEnded(pid); looks += 1) {
      await this.run(["sleep", "0.05"]);
    }
    assert.ok(this.hasEnded(pid), `process ${pid} lives on`);
  }
}

function outcomeBehaviour(each: Each): void {
  each("status and both outputs are told", async (fixture) => {
    assert.deepEqual(await fixture.shell("echo out; echo err >&2; exit 7"), {
      status: 7,
      stdout: "out\n",
      stderr: "err\n",
    });
  });

  each("an end by a signal is 128 plus its number", async (fixture) => {
    assert.equal((await fixture.shell("kill -TERM $$")).status, 143);
  });

  each("of a long output the first 256 KiB are kept and the program still ends", async (fixture) => {
    const { status, stdout } = await fixture.shell("head -c 2000000 /dev/zero | tr '\\0' x");
    assert.deepEqual({ status, kept: stdout?.length }, { status: 0, kept: 256 * 1024 });
  });

  each("programs run beside each other", async (fixture) => {
    const fifo = fixture.path("fifo");
    await fixture.run(["mkfifo", fifo]);
    const [reader, writer] = await Promise.all([
      fixture.run(["cat", fifo]),
      fixture.shell(`echo through >${fifo}`),
    ]);
    assert.deepEqual([reader.stdout, writer.status], ["through\n", 0]);
  });
}

function inputBehaviour(each: Each): void {
  each("standard input gets exactly the bytes given, or is empty", async (fixture) => {
    assert.equal((await fixture.shell("cat", encodeUtf8("in\n"))).stdout, "in\n");
    assert.equal((await fixture.shell("cat")).stdout, "");
  });

  each("a large input is passed on whole", async (fixture) => {
    const { stdout } = await fixture.shell("wc -c", new Uint8Array(1_000_000));
    assert.equal(stdout?.trim(), "1000000");
  });

  each("a program that does not read a large input ends well", async (fixture) => {
    assert.equal((await fixture.shell("exit 0", new Uint8Array(1_000_000))).status, 0);
  });

  each("arguments are passed as they are", async (fixture) => {
    const { stdout } = await fixture.run(["printf", "%s|", "a b", "$HOME", "; exit 1", ""]);
    assert.equal(stdout, "a b|$HOME|; exit 1||");
  });

  each("only the variables given are there", async (fixture) => {
    const { stdout = "" } = await fixture.run(["env"]);
    const expected = Object.entries(fixture.environment).map(([key, value]) => `${key}=${value}`);
    assert.deepEqual(stdout.trim().split("\n").sort(), expected.sort());
  });
}

function refusalBehaviour(each: Each): void {
  each("a program that is not there is ENOENT, a file that may not be run EACCES", async (fixture) => {
    for (const [program, code] of [
      ["no-such-program", "ENOENT"],
      ["/etc/passwd", "EACCES"],
    ] as const) {
      await assert.rejects(fixture.run([program]), { code });
    }
  });

  each("an argument that no program can get is EINVAL", async (fixture) => {
    await assert.rejects(fixture.run(["echo", "a\0b"]), { code: "EINVAL" });
  });
}

function endBehaviour(each: Each): void {
  each("when time is up the program and its children are killed", async (fixture) => {
    const pidFile = fixture.path("pid");
    const script = `sleep 1000 & echo $! >${pidFile}; kill -STOP $$`;
    await assert.rejects(fixture.run(["sh", "-c", script], { timeoutMs: 2_000 }), { code: "ETIMEDOUT" });
    await fixture.untilEnded(fixture.text(pidFile).trim());
  });

  each(
    "a service that a program leaves behind does not hold its answer up, and lives on",
    async (fixture) => {
      const pidFile = fixture.path("pid");
      const outcome = await fixture.shell(`sleep 1000 & echo $! >${pidFile}; echo started`);
      const service = fixture.text(pidFile).trim();
      const isAlive = !fixture.hasEnded(service);
      await fixture.run(["kill", "-KILL", service]);
      assert.deepEqual(outcome, { status: 0, stdout: "started\n", stderr: "" });
      assert.ok(isAlive);
    },
  );
}
