import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeUtf8 } from "@nova-agent/xenstore";
import type { Step } from "../../src/plan.ts";
import { Secret } from "../../src/secret.ts";
import { createLogger } from "../../src/log.ts";
import { execute } from "../../src/system/executor.ts";
import {
  FAKE_UNIX_TIME,
  type FakeResult,
  type FakeSystem,
  createFakeSystem,
} from "../support/fake-system.ts";

const failing: Step = { step: "run", argv: ["false"], timeoutMs: 1000, failure: "It went wrong" };

function run(system: FakeSystem, steps: readonly Step[], root = "/"): Promise<void> {
  const log = createLogger({ level: "debug", write: (line) => system.log(line), unixTime: () => 0 });
  const plan = { steps, reply: { returncode: "0", message: "" } };
  return execute(plan, { system, root, log });
}

/** A system whose programs answer by their name. */
function systemWith(programs: Readonly<Record<string, FakeResult>>): FakeSystem {
  return createFakeSystem({ run: ({ argv }) => programs[argv.join(" ")] ?? programs[argv[0] ?? ""] });
}

function argvs(system: FakeSystem): readonly string[] {
  return system.calls.map(({ argv }) => argv.join(" "));
}

function write(path: string, text: string): Step {
  return { step: "writeFile", path, content: encodeUtf8(text), mode: 0o644, backup: true };
}

test("a removed file is gone, and its backup is the very same file", async () => {
  const system = createFakeSystem();
  system.files.addFile("/etc/a", "text", { mode: 0o640, uid: 5 });
  await run(system, [{ step: "removeFile", path: "/etc/a", backup: true }]);
  const backup = `/etc/a.${FAKE_UNIX_TIME}.bak`;
  assert.deepEqual(system.files.all(), { [backup]: "text" });
  assert.deepEqual(system.files.attributes(backup), { mode: 0o640, uid: 5, gid: 0 });
});

test("removing without a backup leaves nothing, and a missing file is right already", async () => {
  const system = createFakeSystem();
  system.files.addFile("/etc/a", "text");
  await run(system, [
    { step: "removeFile", path: "/etc/a", backup: false },
    { step: "removeFile", path: "/etc/missing", backup: true },
  ]);
  assert.deepEqual(system.files.all(), {});
});

test("removing a link leaves what it names", async () => {
  const system = createFakeSystem();
  system.files.addFile("/etc/target", "text");
  system.files.addLink("/etc/link", "target");
  await run(system, [{ step: "removeFile", path: "/etc/link", backup: false }]);
  assert.equal(system.files.status("/etc/link"), undefined);
  assert.deepEqual(system.files.all(), { "/etc/target": "text" });
});

test("a directory is not removed", async () => {
  const system = createFakeSystem();
  system.files.addDirectory("/etc/directory");
  await assert.rejects(run(system, [{ step: "removeFile", path: "/etc/directory", backup: false }]), {
    message: 'Cannot remove "/etc/directory": is a directory',
  });
});

test("a program runs with its arguments and limit", async () => {
  const system = createFakeSystem();
  await run(system, [{ step: "run", argv: ["ip", "link", "a b"], timeoutMs: 1234, failure: "x" }]);
  assert.deepEqual(system.calls, [{ argv: ["ip", "link", "a b"], stdin: "", timeoutMs: 1234 }]);
});

const programFailures: readonly (readonly [string, FakeResult, string])[] = [
  ["its status and words", { status: 3, stderr: " no such device\n" }, "It went wrong: 3 : no such device"],
  [
    "what stands on standard output where standard error is empty",
    { status: 1, stdout: "not so\n", stderr: "\n" },
    "It went wrong: 1 : not so",
  ],
  ["a cut of long words", { status: 1, stderr: "x".repeat(5000) }, `It went wrong: 1 : ${"x".repeat(400)}…`],
  ["a missing program", { errno: "ENOENT" }, "It went wrong: false: no such program"],
  ["a program that takes too long", { errno: "ETIMEDOUT" }, "It went wrong: false: not done after 1 s"],
  ["one that may not run", { errno: "EACCES" }, "It went wrong: false: permission denied"],
];

for (const [what, result, message] of programFailures) {
  test(`the failure of a program tells ${what}`, async () => {
    await assert.rejects(run(systemWith({ false: result }), [failing]), {
      code: "AGENT_STEP_FAILED",
      message,
    });
  });
}

test("the host name is set where it is another", async () => {
  const system = systemWith({ hostname: { stdout: "old\n" } });
  await run(system, [
    { step: "setHostname", hostname: "old" },
    { step: "setHostname", hostname: "new" },
  ]);
  assert.deepEqual(argvs(system), ["hostname", "hostname", "hostname new"]);
});

test("when a step fails the ones before are taken back, the last first", async () => {
  const system = systemWith({ hostname: { stdout: "old\n" }, false: { status: 1 } });
  system.files.addFile("/etc/a", "a", { mode: 0o640, uid: 3, gid: 4, label: "label" });
  system.files.addFile("/etc/b", "b");
  system.files.addLink("/etc/c", "b");
  const before = system.files.all();
  const steps: readonly Step[] = [
    write("/etc/a", "new a"),
    { step: "removeFile", path: "/etc/b", backup: true },
    { step: "removeFile", path: "/etc/c", backup: false },
    write("/etc/new/d", "d"),
    { step: "run", argv: ["up"], undo: ["down"], timeoutMs: 1, failure: "" },
    { step: "run", argv: ["once"], timeoutMs: 1, failure: "" },
    { step: "setHostname", hostname: "new" },
    failing,
  ];
  await assert.rejects(run(system, steps), { message: "It went wrong: 1 : " });
  assert.deepEqual(system.files.all(), before);
  assert.equal(system.files.readLink("/etc/c"), "b");
  assert.deepEqual(system.files.attributes("/etc/a"), { mode: 0o640, uid: 3, gid: 4, label: "label" });
  assert.deepEqual(argvs(system).slice(-4), ["hostname new", "false", "hostname old", "down"]);
});

test("a program for taking back runs only then, and after the steps behind it are taken back", async () => {
  const again: Step = { step: "whenTakenBack", argv: ["again"], timeoutMs: 1 };
  const up: Step = { step: "run", argv: ["up"], undo: ["down"], timeoutMs: 1, failure: "" };
  const good = createFakeSystem();
  await run(good, [again, up]);
  assert.deepEqual(argvs(good), ["up"]);
  const bad = systemWith({ false: { status: 1 } });
  await assert.rejects(run(bad, [again, up, failing]));
  assert.deepEqual(argvs(bad), ["up", "false", "down", "again"]);
  const elsewhere = createFakeSystem();
  await run(elsewhere, [again, up], "/mnt");
  assert.deepEqual(argvs(elsewhere), []);
});

test("what cannot be taken back is told, and does not keep the rest from being taken back", async () => {
  const system = systemWith({ down: { status: 9, stderr: "stuck" }, false: { status: 1, stderr: "no" } });
  system.files.addFile("/etc/a", "a");
  const up: Step = { step: "run", argv: ["up"], undo: ["down"], timeoutMs: 1, failure: "" };
  await assert.rejects(run(system, [write("/etc/a", "new"), up, failing]), {
    message: "It went wrong: 1 : no; and when taking back: Cannot take back by down: 9 : stuck",
  });
  assert.deepEqual(system.files.all(), { "/etc/a": "a" });
});

test("a fault of the program is not told as the guest's, and the steps before are taken back", async () => {
  const system = createFakeSystem({
    run: () => {
      throw new TypeError("Not as designed");
    },
  });
  system.files.addFile("/etc/a", "a");
  await assert.rejects(run(system, [write("/etc/a", "new"), failing]), TypeError);
  assert.deepEqual(system.files.all(), { "/etc/a": "a" });
});

test("under another root files are that root's, and nothing acts on the live system", async () => {
  const system = createFakeSystem();
  system.files.addFile("/etc/a", "the machine's");
  system.files.addLink("/guest/etc", "/real");
  system.files.addDirectory("/guest/real");
  const steps: readonly Step[] = [
    write("/etc/a", "the guest's"),
    { step: "setHostname", hostname: "new" },
    { step: "run", argv: ["netplan", "apply"], timeoutMs: 1, failure: "" },
  ];
  await run(system, steps, "/guest");
  assert.deepEqual(system.files.all(), { "/etc/a": "the machine's", "/guest/real/a": "the guest's" });
  assert.deepEqual(system.calls, []);
  const messages = system.lines.map((line) => (JSON.parse(line) as { message: string }).message);
  assert.deepEqual(messages, ["Host name not set under another root", "Program not run under another root"]);
});

test("the message of a failure under another root names the guest's path", async () => {
  const system = createFakeSystem();
  system.files.addDirectory("/guest/etc/a");
  await assert.rejects(run(system, [write("/etc/a", "x")], "/guest"), {
    message: 'Cannot write "/etc/a": is a directory',
  });
});

const password = "p\u00e4ss:w0rd";

function passwordStep(text = password): { readonly step: Step; readonly bytes: Uint8Array } {
  const bytes = encodeUtf8(text);
  return { step: { step: "setPassword", user: "root", password: new Secret(bytes) }, bytes };
}

test("chpasswd gets the password through standard input and nowhere else", async () => {
  const system = createFakeSystem();
  system.files.addFile("/etc/pam.d/chpasswd", "");
  const { step, bytes } = passwordStep();
  await run(system, [step]);
  assert.deepEqual(system.calls, [{ argv: ["chpasswd"], stdin: `root:${password}\n`, timeoutMs: 25_000 }]);
  assert.ok(bytes.every((byte) => byte === 0));
  assert.ok(!system.lines.join("").includes(password));
});

test("the line that chpasswd got is zeroed, whether it succeeded or not", async () => {
  for (const status of [0, 1]) {
    const fake = createFakeSystem();
    const inputs: Uint8Array[] = [];
    const empty = new Uint8Array();
    const keepInput: FakeSystem["run"] = async ({ stdin }) => {
      if (stdin !== undefined) inputs.push(stdin);
      return { status, stdout: empty, stderr: empty };
    };
    await run({ ...fake, run: keepInput }, [passwordStep().step]).catch(() => {});
    assert.equal(inputs[0]?.length, encodeUtf8(`root:${password}\n`).length);
    assert.ok(inputs[0].every((byte) => byte === 0));
  }
});

test("chpasswd hashes by itself where PAM does not know it, and in another root", async () => {
  const system = createFakeSystem();
  system.files.addFile("/guest/etc/pam.d/chpasswd", "");
  await run(system, [passwordStep().step]);
  await run(system, [passwordStep().step], "/guest");
  assert.deepEqual(argvs(system), ["chpasswd -c SHA512", "chpasswd -c SHA512 -R /guest"]);
});

test("a distribution that makes chpasswd a service of PAM is taken at its word", async () => {
  for (const directory of ["/usr/etc/pam.d", "/usr/lib/pam.d"]) {
    const system = createFakeSystem();
    system.files.addFile(`${directory}/chpasswd`, "");
    await run(system, [passwordStep().step]);
    assert.deepEqual(argvs(system), ["chpasswd"]);
  }
});

test("the chpasswd of busybox is asked for the hash in its own words, PAM or not", async () => {
  for (const [link, target] of [
    ["/usr/sbin/chpasswd", "/bin/busybox"],
    ["/usr/bin/chpasswd", "../lib/busybox.static"],
  ] as const) {
    const system = createFakeSystem();
    system.files.addFile("/bin/busybox", "");
    system.files.addFile("/usr/lib/busybox.static", "");
    system.files.addFile("/etc/pam.d/chpasswd", "");
    system.files.addLink(link, target);
    await run(system, [passwordStep().step]);
    await run(system, [passwordStep().step], "/guest");
    assert.deepEqual(argvs(system), ["chpasswd -c sha512", "chpasswd -c sha512 -R /guest"]);
    assert.equal(system.calls[0]?.stdin, `root:${password}\n`);
  }
});

test("a chpasswd of its own beside busybox is not taken for busybox", async () => {
  const system = createFakeSystem();
  system.files.addFile("/usr/sbin/chpasswd", "");
  system.files.addFile("/bin/busybox", "");
  system.files.addLink("/bin/chpasswd", "busybox");
  await run(system, [passwordStep().step]);
  assert.deepEqual(argvs(system), ["chpasswd -c SHA512"]);
});

test("a user who is in no passwd file is named with that when chpasswd fails", async () => {
  const system = systemWith({ chpasswd: { status: 1, stderr: "token error" } });
  await assert.rejects(run(system, [passwordStep().step]), {
    message: "Failed to change password for root: 1 : token error",
  });
  system.files.addFile("/etc/passwd", "toor:x:0:0::/:\n");
  await assert.rejects(run(system, [passwordStep().step]), {
    message: "Failed to change password for root, who is not in /etc/passwd: 1 : token error",
  });
  system.files.addFile("/etc/passwd", "toor:x:0:0::/:\nroot:x:0:0::/:\n");
  await assert.rejects(run(system, [passwordStep().step]), {
    message: "Failed to change password for root: 1 : token error",
  });
});

test("a chpasswd that repeats the password does not get it into the answer or the log", async () => {
  const said = `${"x".repeat(390)} root:${password} ${password}${password}`;
  const system = systemWith({ chpasswd: { status: 1, stderr: said } });
  const { step, bytes } = passwordStep();
  const error = await run(system, [step]).catch((thrown: unknown) => thrown);
  assert.ok(error instanceof Error);
  const hidden = `${"x".repeat(390)} root:[redacted] [redacted][redacted]`.slice(0, 400);
  assert.equal(error.message, `Failed to change password for root: 1 : ${hidden}…`);
  assert.ok(!system.lines.join("").includes(password));
  assert.ok(bytes.every((byte) => byte === 0));
});

test("a password with a line break or NUL is refused before chpasswd, and wiped", async () => {
  for (const character of ["\n", "\r", "\0"]) {
    const system = createFakeSystem();
    const { step, bytes } = passwordStep(`a${character}b`);
    await assert.rejects(run(system, [step]), {
      message: "Failed to change password for root: it holds a line break or a NUL",
    });
    assert.deepEqual(system.calls, []);
    assert.ok(bytes.every((byte) => byte === 0));
  }
});

test("a password that a failed step before it kept from being set is wiped", async () => {
  const { step, bytes } = passwordStep();
  await assert.rejects(run(systemWith({ false: { status: 1 } }), [failing, step]));
  assert.ok(bytes.every((byte) => byte === 0));
});

test("the old password returns when a later step fails", async () => {
  const system = createFakeSystem({
    run: ({ argv }) => {
      const attributes = { mode: 0o640, gid: 42, label: "shadow_t" };
      if (argv[0] === "chpasswd") system.files.addFile("/etc/shadow", "root:new", attributes);
      return { status: argv[0] === "false" ? 1 : 0 };
    },
  });
  system.files.addFile("/etc/shadow", "root:old", { mode: 0o640, gid: 42, label: "shadow_t" });
  await assert.rejects(run(system, [passwordStep().step, failing]));
  assert.equal(system.files.text("/etc/shadow"), "root:old");
  assert.deepEqual(system.files.attributes("/etc/shadow"), {
    mode: 0o640,
    uid: 0,
    gid: 42,
    label: "shadow_t",
  });
});
