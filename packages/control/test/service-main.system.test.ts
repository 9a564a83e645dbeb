import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { chmod, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Cleanup, systemTest, temporaryDirectory, waitFor } from "@nova-agent/testbed";
import { Store } from "@nova-agent/xenstore";
import { listenXenstore, nodeClock } from "@nova-agent/xenstore/node";

const MAIN = fileURLToPath(new URL("../src/service-main.js", import.meta.url));
const PASSWORD = "correct horse battery";

/** A machine with XenStore, an xl(1) that knows no domain, and a configuration. */
async function machine(cleanup: Cleanup) {
  const directory = await temporaryDirectory(cleanup);
  const sockets = join(directory, "sockets");
  await mkdir(sockets, { mode: 0o700 });
  const server = await listenXenstore({ store: new Store(), clock: nodeClock, directory: sockets });
  cleanup.after(() => server.close());
  await writeFile(join(directory, "xl"), "#!/bin/sh\necho '[]'\n");
  await chmod(join(directory, "xl"), 0o755);
  const configure = async (name: string): Promise<string> => {
    const path = join(directory, `${name}.conf`);
    const settings = [
      `state_directory = ${join(directory, name)}`,
      `xenstore = ${server.socketPath}`,
      "listen = 127.0.0.1:0",
      "monitoring_listen = 127.0.0.1:0",
      "[flavor small]\nvcpus = 1\nram_mib = 512",
    ];
    await writeFile(path, settings.join("\n"));
    return path;
  };
  /** Starts the program; its input ends with `input`. */
  const start = (args: readonly string[], input = "") => {
    const child = spawn(process.execPath, [MAIN, ...args], {
      env: { ...process.env, PATH: `${directory}:${process.env["PATH"] ?? ""}` },
    });
    const text = { out: "", error: "" };
    child.stdout.on("data", (chunk: Buffer) => (text.out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (text.error += chunk.toString()));
    child.stdin.end(input);
    const exited = new Promise<number | null>((resolve) => {
      child.once("close", (code) => resolve(code));
    });
    cleanup.after(async () => {
      child.kill("SIGKILL");
      await exited;
    });
    return { text, exited, end: () => child.kill("SIGTERM") };
  };
  const run = async (args: readonly string[], input?: string) => {
    const { exited, text } = start(args, input);
    return { code: await exited, ...text };
  };
  return { directory, configure, start, run };
}

systemTest(
  "the service is set up, used, backed up and restored",
  { needs: [], timeoutMs: 120_000 },
  async (context) => {
    const { directory, configure, start, run } = await machine(context);
    const config = await configure("first");
    const user = ["--config", config, "create-user", "ada", "--project", "web", "--role", "member"];

    await context.test("a user is made with a password from standard input", async () => {
      const short = await run(user, "short\n");
      assert.equal(short.code, 1);
      assert.match(short.error, /COMMAND_FAILED: The password has less than 8 characters/);
      const made = await run(user, "forgotten since\n");
      assert.deepEqual(made, { code: 0, out: "User ada is a member of project web\n", error: "" });
    });

    await context.test("a password is set anew, of a user who is there", async () => {
      const setPassword = ["--config", config, "set-password"];
      const nobody = await run([...setPassword, "nobody"], `${PASSWORD}\n`);
      assert.equal(nobody.code, 1);
      assert.match(nobody.error, /COMMAND_FAILED: There is no user "nobody"/);
      const done = await run([...setPassword, "ada"], `${PASSWORD}\n`);
      assert.deepEqual(done, { code: 0, out: "User ada has another password\n", error: "" });
    });

    const service = start(["--config", config]);
    await waitFor(() => service.text.error.includes("service started"), {
      what: "the service",
      timeoutMs: 30_000,
    });
    const line = service.text.error.split("\n").find((text) => text.includes("service started")) ?? "";
    const { url, monitoringUrl } = JSON.parse(line) as { url: string; monitoringUrl: string };

    await context.test("the user gets a token, and sees what the configuration names", async () => {
      const response = await fetch(`${url}/identity/v3/auth/tokens`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({
          auth: {
            identity: {
              methods: ["password"],
              password: { user: { name: "ada", domain: { name: "Default" }, password: PASSWORD } },
            },
            scope: { project: { name: "web", domain: { name: "Default" } } },
          },
        }),
      });
      assert.equal(response.status, 201);
      const headers = { "X-Auth-Token": response.headers.get("X-Subject-Token") ?? "" };
      const flavors = await fetch(`${url}/compute/v2.1/flavors`, { headers });
      assert.match(await flavors.text(), /"small"/);
    });

    await context.test("it tells its health and its counts on a port of their own", async () => {
      const health = await fetch(`${monitoringUrl}/healthz`);
      assert.deepEqual(await health.json(), { status: "ok", checks: { database: "ok", xenstore: "ok" } });
      const metrics = await (await fetch(`${monitoringUrl}/metrics`)).text();
      assert.match(
        metrics,
        /nova_agent_api_request_duration_seconds_count\{route="\w+",method="POST",status="201"\} 1/,
      );
      assert.equal((await fetch(`${url}/metrics`)).status, 404);
    });

    await context.test("a second one on the same database is refused in words", async () => {
      const second = await run(["--config", config, "migrate"]);
      assert.equal(second.code, 1);
      assert.match(
        second.error,
        /SERVICE_NOT_STARTED: Cannot open the database: process \d+ has the database/,
      );
    });

    await context.test("SIGTERM ends it in good order, and its log holds no password", async () => {
      service.end();
      assert.equal(await service.exited, 0);
      assert.match(service.text.error, /"service ended"/);
      assert.ok(!service.text.error.includes(PASSWORD));
      assert.equal((await stat(join(directory, "first", "seal-key"))).mode & 0o777, 0o600);
    });

    await context.test("a backup is restored for another service", async () => {
      const backup = join(directory, "backup");
      const written = await run(["--config", config, "backup", backup]);
      assert.match(written.out, /^\d+ rows written to /);
      const text = await readFile(backup, "utf8");
      assert.ok(!text.includes(PASSWORD));
      // What was changed by commands stands in the audit, too.
      for (const what of ["createUser", "setPassword"])
        assert.match(text, new RegExp(`"${what}".*"user_id":"nova-control"`));
      const other = ["--config", await configure("second"), "restore", backup];
      assert.match((await run(other)).out, /^\d+ rows restored from /);
      const again = await run(other);
      assert.equal(again.code, 1);
      assert.match(again.error, /COMMAND_FAILED: The database is not empty/);
    });
  },
);

systemTest("a wrong line or file is told with the status of its kind", { needs: [] }, async (context) => {
  const { directory, run } = await machine(context);
  const path = join(directory, "wrong.conf");
  await writeFile(path, "\nlisten = everywhere\n");
  const wrong = await run(["--config", path]);
  assert.equal(wrong.code, 78);
  assert.match(wrong.error, /wrong\.conf:2: "listen" takes/);
  assert.equal((await run(["--config", join(directory, "none")])).code, 78);
  const usage = await run(["--config", path, "create-user", "ada"]);
  assert.equal(usage.code, 64);
  assert.match(usage.error, /USAGE: create-user takes --project/);
});
