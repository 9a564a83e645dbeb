import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AgentAnswers } from "@nova-agent/host/testing";
import { temporaryDirectory } from "@nova-agent/testbed";
import { startCliHost } from "../support/cli-host.ts";
import { readGolden } from "../support/golden.ts";
import type { ProcessTest } from "../support/guestctl.ts";
import { parseLine } from "../support/parse-line.ts";

/** What guestctl asks guests for. */
export function guestCommandTests(test: ProcessTest): void {
  test("list shows the domains, in text and in JSON", async (context, guestctl) => {
    const { socketPath } = await startCliHost(context);
    const text = await guestctl.run({ args: ["list"], socketPath });
    assert.equal(
      text.stdout,
      [
        "DOMID  NAME   UUID                                  DATA",
        "5      web-1  ec2f3f0c-0000-4000-8000-000000000005  yes",
        "6      db     -                                     yes",
        "",
      ].join("\n"),
    );
    const json = await guestctl.run({ args: ["list", "--json"], socketPath });
    assert.equal(json.stdout, await readGolden("list.json"));
    assert.deepEqual([text.status, text.stderr, json.status, json.stderr], [0, "", 0, ""]);
  });

  /** Arguments, the text and the JSON that they print with an agent that does everything. */
  const commands = [
    [["version", "web-1"], "2.1.25\n", { domid: 5, version: "2.1.25" }],
    [["features", "5"], "version\nfeatures\n", { domid: 5, features: ["version", "features"] }],
    [
      ["reset-network", "web-1"],
      "Domain 5 has reset its network\n",
      { domid: 5, isConfirmed: true, message: "" },
    ],
    [
      ["send", "5", "version", "agent"],
      "0 2.1.25\n",
      { domid: 5, name: "version", returncode: "0", message: "2.1.25", isDone: true },
    ],
  ] as const;

  for (const [args, text, json] of commands) {
    test(`${args.join(" ")} prints what the guest answers, in text and in JSON`, async (context, guestctl) => {
      const agent = new AgentAnswers("version,features");
      const { socketPath } = await startCliHost(context, agent.answer);
      const plain = await guestctl.run({ args, socketPath });
      assert.deepEqual(plain, { status: 0, stdout: text, stderr: "" });
      const { status, stdout, stderr } = await guestctl.run({ args: [...args, "--json"], socketPath });
      assert.deepEqual(parseLine(stdout), json);
      assert.deepEqual([status, stderr], [0, ""]);
    });
  }

  test("send prints an answer that says no, and exits with 1", async (context, guestctl) => {
    const { socketPath, guest } = await startCliHost(context, new AgentAnswers().answer);
    const args = ["send", "5", "dance", '{"steps":2}', "--value-json"];
    const { status, stdout } = await guestctl.run({ args, socketPath });
    assert.deepEqual([status, stdout], [1, "404 No such agent command 'dance'\n"]);
    assert.deepEqual(guest.requests[0]?.value, { steps: 2 });
  });

  test("send takes a value that begins with a dash behind --", async (context, guestctl) => {
    const { socketPath, guest } = await startCliHost(context, () => ({ code: "0", message: "" }));
    const { status } = await guestctl.run({ args: ["send", "5", "echo", "--", "-x"], socketPath });
    assert.equal(status, 0);
    assert.equal(guest.requests[0]?.value, "-x");
  });

  test("a refusal is an error with the guest's words, which cannot steer the terminal", async (context, guestctl) => {
    const { socketPath } = await startCliHost(context, () => ({ code: "500", message: "No \u001b[2J way" }));
    const text = await guestctl.run({ args: ["features", "5"], socketPath });
    assert.deepEqual(text, {
      status: 1,
      stdout: "",
      stderr: 'guestctl: Domain 5 refused "features": No \\x1b[2J way (code 500)\n',
    });
    const json = await guestctl.run({ args: ["features", "5", "--json"], socketPath });
    assert.deepEqual([json.status, json.stderr], [1, ""]);
    assert.deepEqual(parseLine(json.stdout), {
      error: { code: "GUEST_REFUSED", message: 'Domain 5 refused "features": No \u001b[2J way (code 500)' },
    });
  });

  test("a guest that does not answer ends with 5 after --timeout", async (context, guestctl) => {
    const { socketPath, xenstore } = await startCliHost(context);
    const { status, stderr } = await guestctl.run({
      args: ["version", "5", "--timeout", "0.05"],
      socketPath,
    });
    assert.equal(status, 5);
    assert.equal(
      stderr,
      'guestctl: No agent answered "version" in domain 5 within 0.05 s. The request is withdrawn, but ' +
        "an agent that had begun it may finish it. Check that nova-agent runs in the guest, or allow more time\n",
    );
    assert.deepEqual(await xenstore.list("/local/domain/5/data/host"), []);
  });

  test("a guest that is not there ends with 4", async (context, guestctl) => {
    const { socketPath } = await startCliHost(context);
    const { status, stderr } = await guestctl.run({ args: ["version", "web-9"], socketPath });
    assert.equal(status, 4);
    assert.match(stderr, /No domain has the domid or name "web-9"/);
  });

  test("a reset answered with 500 is done, with a remark", async (context, guestctl) => {
    const { socketPath } = await startCliHost(context, () => ({ code: "500", message: "restarted" }));
    const text = await guestctl.run({ args: ["reset-network", "5"], socketPath });
    assert.deepEqual([text.status, text.stdout], [0, "Domain 5 has reset its network\n"]);
    assert.match(text.stderr, /answered 500 \(restarted\), which old agents/);
  });

  test("inject-file sends a file, and standard input for -", async (context, guestctl) => {
    const agent = new AgentAnswers();
    const { socketPath } = await startCliHost(context, agent.answer);
    const file = join(await temporaryDirectory(context), "motd");
    await writeFile(file, "from a file\n");
    const fromFile = await guestctl.run({ args: ["inject-file", "5", file, "/etc/motd"], socketPath });
    assert.deepEqual(fromFile, {
      status: 0,
      stdout: "Domain 5 has written /etc/motd, 12 bytes\n",
      stderr: "",
    });
    const stdin = Uint8Array.of(0x00, 0xff);
    const fromStdin = await guestctl.run({
      args: ["inject-file", "5", "-", "/b", "--json"],
      socketPath,
      stdin,
    });
    assert.deepEqual(parseLine(fromStdin.stdout), { domid: 5, path: "/b", bytes: 2, command: "file_inject" });
    assert.deepEqual(agent.files, [
      { path: "/etc/motd", content: Buffer.from("from a file\n") },
      { path: "/b", content: Buffer.from(stdin) },
    ]);
  });

  test("inject-file tells which file it cannot read", async (context, guestctl) => {
    const { socketPath, guest } = await startCliHost(context);
    const { status, stderr } = await guestctl.run({
      args: ["inject-file", "5", "/nonexistent", "/b"],
      socketPath,
    });
    assert.equal(status, 2);
    assert.match(stderr, /Cannot read "\/nonexistent"/);
    assert.deepEqual(guest.requests, []);
  });

  for (const [what, bytes, status] of [
    ["too large for XenStore", 5000, 6],
    ["over 64 KiB", 65_537, 2],
  ] as const) {
    test(`inject-file refuses a file ${what}`, async (context, guestctl) => {
      const agent = new AgentAnswers();
      const { socketPath } = await startCliHost(context, agent.answer);
      const stdin = Buffer.alloc(bytes, "x");
      const outcome = await guestctl.run({ args: ["inject-file", "5", "-", "/b"], socketPath, stdin });
      assert.equal(outcome.status, status);
      assert.deepEqual(agent.files, []);
    });
  }

  test("a guest that moves in the middle answers at its new domid, with a remark", async (context, guestctl) => {
    const moves: Promise<void>[] = [];
    const host = await startCliHost(context, () => {
      moves.push(host.moveGuest(new AgentAnswers("version,features").answer));
      return "ignore";
    });
    const { status, stdout, stderr } = await guestctl.run({
      args: ["reset-network", "web-1"],
      socketPath: host.socketPath,
    });
    await Promise.all(moves);
    assert.deepEqual([status, stdout], [0, "Domain 8 has reset its network\n"]);
    assert.equal(stderr, 'Domain 5 became domain 8; "resetnetwork" goes on there\n');
  });
}
