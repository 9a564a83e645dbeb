import assert from "node:assert/strict";
import { readdir, readFile, readlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { AgentAnswers } from "@nova-agent/host/testing";
import {
  type RunningProcess,
  runChecked,
  startProcess,
  temporaryDirectory,
  waitFor,
} from "@nova-agent/testbed";
import { type CliHost, startCliHost } from "../support/cli-host.ts";
import type { Guestctl, ProcessTest } from "../support/guestctl.ts";
import { parseLine } from "../support/parse-line.ts";

const SECRET = "Planted-hunter2-9f3a";

/** Everything that others on the machine, the logs or XenStore could show of a process. */
async function traces(pid: number): Promise<string> {
  const files = await Promise.all(
    ["cmdline", "environ"].map((name) => readFile(`/proc/${pid}/${name}`, "latin1")),
  );
  return files.join("\0");
}

interface AtFifo {
  readonly running: RunningProcess;
  readonly fifo: string;
}

/** Starts guestctl with a password file that is a FIFO, and waits until it has opened that. */
async function startAtFifo(
  context: TestContext,
  { guestctl, socketPath }: { readonly guestctl: Guestctl; readonly socketPath: string },
): Promise<AtFifo> {
  const fifo = join(await temporaryDirectory(context), "password");
  await runChecked({ argv: ["mkfifo", fifo], timeoutMs: 10_000 });
  const running = guestctl.start({ args: ["password", "5", "--password-file", fifo], socketPath });
  context.after(() => running.stop());
  const folder = `/proc/${running.pid}/fd`;
  const isOpen = (name: string): Promise<boolean> =>
    readlink(join(folder, name)).then(
      (target) => target === fifo,
      () => false,
    );
  await waitFor(async () => (await Promise.all((await readdir(folder)).map(isOpen))).includes(true), {
    what: "open FIFO",
  });
  return { running, fifo };
}

/** How guestctl sets passwords. */
export function passwordTests(test: ProcessTest): void {
  test("the password comes from the first line of standard input", async (context, guestctl) => {
    const agent = new AgentAnswers();
    const { socketPath } = await startCliHost(context, agent.answer);
    const outcome = await guestctl.run({ args: ["password", "5"], socketPath, stdin: `${SECRET}\nmore\n` });
    assert.deepEqual(outcome, { status: 0, stdout: "Domain 5 has the new password\n", stderr: "" });
    assert.deepEqual(agent.passwords, [`${SECRET}\n`]);
  });

  test("the password comes from the first line of a file", async (context, guestctl) => {
    const agent = new AgentAnswers();
    const { socketPath } = await startCliHost(context, agent.answer);
    const file = join(await temporaryDirectory(context), "password");
    await writeFile(file, `${SECRET}\r\n`);
    const args = ["password", "5", "--password-file", file, "--json"];
    const { status, stdout } = await guestctl.run({ args, socketPath });
    assert.deepEqual([status, parseLine(stdout)], [0, { domid: 5, isSet: true }]);
    assert.deepEqual(agent.passwords, [`${SECRET}\n`]);
  });

  test("the password comes from a FIFO that somebody writes to later", async (context, guestctl) => {
    const agent = new AgentAnswers();
    const { socketPath } = await startCliHost(context, agent.answer);
    const { running, fifo } = await startAtFifo(context, { guestctl, socketPath });
    await writeFile(fifo, `${SECRET}\n`);
    assert.equal((await running.exited).status, 0);
    assert.deepEqual(agent.passwords, [`${SECRET}\n`]);
  });

  test("Ctrl-C ends the wait for a FIFO that nobody writes to", async (context, guestctl) => {
    const { socketPath, guest } = await startCliHost(context);
    const { running } = await startAtFifo(context, { guestctl, socketPath });
    running.kill("SIGINT");
    assert.deepEqual(await running.exited, {
      status: 130,
      stdout: "",
      stderr: "guestctl: Interrupted before anything was sent\n",
    });
    assert.deepEqual(guest.requests, []);
  });

  test("a generated password is shown once, and the guest has it", async (context, guestctl) => {
    const agent = new AgentAnswers();
    const { socketPath } = await startCliHost(context, agent.answer);
    const text = await guestctl.run({ args: ["password", "5", "--generate"], socketPath });
    assert.match(text.stdout, /^[A-Za-z2-9]{20}\n$/);
    assert.equal(text.stderr.includes(text.stdout.trim()), false);
    const json = await guestctl.run({ args: ["password", "5", "--generate", "--json"], socketPath });
    const result = parseLine(json.stdout) as {
      readonly domid: number;
      readonly isSet: boolean;
      readonly password: string;
    };
    assert.deepEqual({ ...result, password: "" }, { domid: 5, isSet: true, password: "" });
    assert.deepEqual(agent.passwords, [text.stdout, `${result.password}\n`]);
  });

  test("a generated password that the guest may yet set is not lost", async (context, guestctl) => {
    const agent = new AgentAnswers();
    const { socketPath, guest } = await startCliHost(context, (request) =>
      request.name === "password" ? "take" : agent.answer(request),
    );
    const args = ["password", "5", "--generate", "--timeout", "1"];
    const { status, stdout, stderr } = await guestctl.run({ args, socketPath });
    assert.deepEqual([status, stdout], [5, ""]);
    assert.equal(guest.requests.length, 2);
    assert.match(
      stderr,
      /^If the guest has it or sets it later, the password is: [A-Za-z2-9]{20}\nguestctl: The agent of domain 5 took/,
    );
  });

  for (const [cause, end] of [
    ["answer is nonsense", () => Promise.resolve({ raw: "nonsense" } as const)],
    [
      "answer XenStore cannot bring",
      async ({ closeServer }: CliHost) => {
        await closeServer();
        return "ignore" as const;
      },
    ],
  ] as const) {
    test(`a generated password whose ${cause} is not lost`, async (context, guestctl) => {
      const agent = new AgentAnswers();
      const host: CliHost = await startCliHost(context, (request) =>
        request.name === "password" ? end(host) : agent.answer(request),
      );
      const args = ["password", "5", "--generate"];
      const { status, stderr } = await guestctl.run({ args, socketPath: host.socketPath });
      assert.equal(status, 1, stderr);
      assert.match(stderr, /^If the guest has it or sets it later, the password is: [A-Za-z2-9]{20}\n/);
    });
  }

  test("no password at all is refused before anything is sent", async (context, guestctl) => {
    const { socketPath, guest } = await startCliHost(context);
    const { status, stderr } = await guestctl.run({ args: ["password", "5"], socketPath, stdin: "\n" });
    assert.equal(status, 2);
    assert.match(stderr, /The password for domain 5 is empty/);
    assert.deepEqual(guest.requests, []);
  });

  test("the search for a password in a process finds a planted one", async (context) => {
    const argument = startProcess({ argv: ["sleep", "60"], environment: { PLANTED: SECRET } });
    context.after(() => argument.stop());
    // The variable is there once the program itself runs.
    const found = await waitFor(async () => (await traces(argument.pid)).includes(SECRET), {
      what: "secret",
    });
    assert.equal(found, true);
  });

  test("a password shows neither in arguments nor environment, output, errors or XenStore", async (context, guestctl) => {
    const agent = new AgentAnswers();
    const seen: string[] = [];
    const { socketPath, guest } = await startCliHost(context, async (request) => {
      // While the request lies there guestctl holds the password.
      seen.push(await traces(running.pid));
      return request.name === "password" ? { code: "500", message: "No" } : agent.answer(request);
    });
    const running = guestctl.start({ args: ["password", "5"], socketPath, stdin: `${SECRET}\n` });
    context.after(() => running.stop());
    const { status, stdout, stderr } = await running.exited;
    assert.equal(status, 1);
    assert.equal(seen.length, 2);
    assert.match(seen[0] ?? "", /guestctl(\.mjs)?\0password/);
    const requests = guest.requests.map(({ text }) => text);
    assert.equal(
      [...seen, ...requests, stdout, stderr].some((text) => text.includes(SECRET)),
      false,
    );
  });
}
