import assert from "node:assert/strict";
import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { repositoryRoot, temporaryDirectory, waitFor } from "@nova-agent/testbed";
import { startAgentProcess, startGuestStore } from "../../support/agent-process.ts";

const golden = join(repositoryRoot(), "packages/guest-agent/test/golden");

/** Bound of what a test waits for: a service that does not end is a failure and no hang. */
const bounded = { timeout: 60_000 };

interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the executable to its end. */
function run(context: TestContext, args: readonly string[], xenstorePath?: string): Promise<Ended> {
  return startAgentProcess(context, { args, environment: { XENSTORED_PATH: xenstorePath } }).exited;
}

async function fileWith(context: TestContext, text: string): Promise<string> {
  const path = join(await temporaryDirectory(context), "nova-agent.conf");
  writeFileSync(path, text);
  return path;
}

test("nova-agent --help prints its help", async (context) => {
  const stdout = readFileSync(join(golden, "nova-agent-help.txt"), "utf8");
  assert.deepEqual(await run(context, ["--help"]), { status: 0, stdout, stderr: "" });
});

test("nova-agent --version prints its version", async (context) => {
  assert.deepEqual(await run(context, ["--version"]), {
    status: 0,
    stdout: "nova-agent 3.0.0\n",
    stderr: "",
  });
});

test("an unknown option ends with 64 and names those that are known", async (context) => {
  const stderr =
    'nova-agent: Unknown option "--foo"; known are --help, --version, --root, --config, --dry-run\n';
  assert.deepEqual(await run(context, ["--foo"]), { status: 64, stdout: "", stderr });
});

test("an unknown setting ends with 78 and names the line and those that are known", async (context) => {
  const path = await fileWith(context, "log_level = debug\ncolour = red\n");
  const known = "log_level, xenstore, poll_seconds, reply_seconds, apply_at_start, password_user, redhat_org";
  const stderr = `nova-agent: ${path}:2: Unknown setting "colour"; known are ${known}\n`;
  assert.deepEqual(await run(context, ["--config", path]), { status: 78, stdout: "", stderr });
});

test("network takes the wanted network from a file and tells whether it succeeded", async (context) => {
  const root = await temporaryDirectory(context);
  const file = await fileWith(context, '{"hostname": "web01"}');
  const args = ["--root", root, "--from", file];
  const done = await run(context, ["network", "apply", ...args]);
  assert.deepEqual({ ...done, stderr: "" }, { status: 0, stdout: "answer 0\n", stderr: "" });
  assert.equal(readFileSync(join(root, "etc/hostname"), "utf8"), "web01\n");
  writeFileSync(file, JSON.stringify({ hostname: "a b" }));
  const partly = await run(context, ["network", "apply", ...args]);
  assert.equal(partly.status, 1);
  assert.match(
    partly.stdout,
    /^answer 1 .+: hostname is "a b", which is no host name; use .+ and try again$/m,
  );
  writeFileSync(file, JSON.stringify({ networking: [] }));
  const refused = await run(context, ["network", "plan", ...args]);
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /^nova-agent: "networking" in .+ is no object; it has to be .+\n$/);
});

test("network without a known action ends with 64 and names them", async (context) => {
  const stderr = "nova-agent: nova-agent network needs an action: show, plan, diff, apply\n";
  assert.deepEqual(await run(context, ["network"]), { status: 64, stdout: "", stderr });
});

test("network without XenStore ends with 69", bounded, async (context) => {
  const { status, stdout } = await run(context, ["network", "show"], "/proc/missing/socket");
  assert.deepEqual({ status, stdout }, { status: 69, stdout: "" });
});

test("a configuration that was asked for and is missing ends with 78", async (context) => {
  const stderr = 'nova-agent: Cannot read "/proc/missing.conf": no such file or directory\n';
  assert.deepEqual(await run(context, ["--config=/proc/missing.conf"]), { status: 78, stdout: "", stderr });
});

test("a root that is missing or no directory ends with 78", async (context) => {
  const missing = 'nova-agent: Cannot use the root "/proc/missing": no such file or directory\n';
  assert.deepEqual(await run(context, ["--root=/proc/missing"]), { status: 78, stdout: "", stderr: missing });
  const noDirectory = 'nova-agent: Root "/etc/passwd" is no directory\n';
  assert.deepEqual(await run(context, ["--root=/etc/passwd"]), {
    status: 78,
    stdout: "",
    stderr: noDirectory,
  });
});

test("a dry run without XenStore ends with 69 and names what was tried", bounded, async (context) => {
  const { status, stderr } = await run(context, ["--dry-run"], "/proc/missing/socket");
  assert.equal(status, 69);
  assert.match(stderr, /^nova-agent: .*"?\/proc\/missing\/socket"?.*\n$/);
});

test(
  "a dry run prints what the waiting requests would change and changes nothing",
  bounded,
  async (context) => {
    const store = await startGuestStore(context);
    const root = await temporaryDirectory(context);
    mkdirSync(join(root, "etc"));
    writeFileSync(join(root, "etc/motd"), "one\ntwo\n");
    const injected = Buffer.from("/etc/motd,one\n2\n").toString("base64");
    const requests = [
      { name: "version", value: "agent" },
      { name: "injectfile", value: injected },
      { name: "password", value: "AAAA" },
      { name: "no-such-command", value: "" },
      { name: "steers\u001b[2J\u009b2J", value: "" },
    ];
    for (const [index, request] of requests.entries()) {
      await store.put(`00000000-0000-4000-8000-00000000000${index}`, JSON.stringify(request));
    }
    const { status, stdout } = await run(context, ["--dry-run", "--root", root], store.guestSocket);
    assert.equal(stdout, readFileSync(join(golden, "nova-agent-dry-run.txt"), "utf8"));
    assert.equal(status, 0);
    assert.equal(readFileSync(join(root, "etc/motd"), "utf8"), "one\ntwo\n");
    assert.equal((await store.list("host")).length, requests.length);
    assert.deepEqual(await store.list("guest"), []);
  },
);

test("a dry run with nothing to do says so", bounded, async (context) => {
  const { guestSocket } = await startGuestStore(context);
  const { status, stdout } = await run(context, ["--dry-run"], guestSocket);
  assert.deepEqual({ status, stdout }, { status: 0, stdout: "No request is waiting\n" });
});

test("SIGTERM and SIGINT end the service cleanly after it has served", bounded, async (context) => {
  const store = await startGuestStore(context);
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    const agent = startAgentProcess(context, { environment: { XENSTORED_PATH: store.guestSocket } });
    const { returncode, message } = await store.ask("version", "agent");
    assert.deepEqual({ returncode, message }, { returncode: "0", message: "3.0.0" });
    agent.kill(signal);
    assert.equal((await agent.exited).status, 0);
  }
});

test("status tells of the service that runs, and that none runs any more", bounded, async (context) => {
  const store = await startGuestStore(context);
  const directory = join(await temporaryDirectory(context), "run");
  const environment = { XENSTORED_PATH: store.guestSocket, RUNTIME_DIRECTORY: directory };
  const agent = startAgentProcess(context, { environment });
  const status = (...args: string[]) =>
    startAgentProcess(context, { args: ["status", ...args], environment }).exited;
  assert.equal((await store.ask("version", "agent")).returncode, "0");
  assert.equal((await store.ask("no-such-command", "secret")).returncode, "404");
  const shown = await status();
  assert.equal(shown.status, 0);
  assert.match(
    shown.stdout,
    /^nova-agent 3\.0\.0 runs as process \d+, for \d+ s\nTransport {2}unix socket\nMemory {5}[\d.]+ MiB/,
  );
  assert.match(shown.stdout, /\nFeatures {3}version,keyinit,password,.*\n/);
  const { requests } = JSON.parse((await status("--json")).stdout) as {
    requests: { name: string; returncode: string }[];
  };
  assert.deepEqual(
    requests.map(({ name, returncode }) => [name, returncode]),
    [
      ["version", "0"],
      ["", "404"],
    ],
  );
  assert.equal(statSync(join(directory, "status.json")).mode & 0o777, 0o600);
  agent.kill("SIGKILL");
  await agent.exited;
  assert.deepEqual(await status(), { status: 3, stdout: "nova-agent does not run\n", stderr: "" });
});

test(
  "the service waits for a XenStore that appears late, and serves what waits there",
  bounded,
  async (context) => {
    const store = await startGuestStore(context);
    const link = join(await temporaryDirectory(context), "late");
    const config = await fileWith(context, `xenstore = ${link}\n`);
    const agent = startAgentProcess(context, { args: ["--config", config] });
    await waitFor(() => agent.stderr().includes("Cannot reach XenStore"), { what: "first attempt" });
    assert.match(agent.stderr(), new RegExp(link));
    symlinkSync(store.guestSocket, link);
    assert.equal((await store.ask("version", "agent")).returncode, "0");
  },
);

test("SIGTERM ends the service while it waits for XenStore", bounded, async (context) => {
  const agent = startAgentProcess(context, { environment: { XENSTORED_PATH: "/proc/missing/socket" } });
  await waitFor(() => agent.stderr().includes("Cannot reach XenStore"), { what: "first attempt" });
  agent.kill("SIGTERM");
  assert.equal((await agent.exited).status, 0);
});

for (const [what, log] of [
  ["goes to a full disk", "/dev/full"],
  ["nobody reads any more", ">(true)"],
] as const) {
  test(`the service goes on when its log ${what}`, bounded, async (context) => {
    const store = await startGuestStore(context);
    const agent = startAgentProcess(context, { log, environment: { XENSTORED_PATH: store.guestSocket } });
    for (let count = 0; count < 3; count += 1) {
      assert.equal((await store.ask("version", "agent")).returncode, "0");
    }
    agent.kill("SIGTERM");
    assert.equal((await agent.exited).status, 0);
  });
}
