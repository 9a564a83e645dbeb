import assert from "node:assert/strict";
import { startProcess, systemTest, waitFor, xenTool } from "@nova-agent/testbed";
import { runXenProgram, startServer } from "./programs.ts";

const needs = ["xenstore-clients"] as const;

/** Runs a client as dom0 or as domain 5; gives back standard output, and the status where it is not 0. */
type Run = (domid: 0 | 5, ...argv: [string, ...string[]]) => Promise<string>;

function clientTest(name: string, body: (run: Run) => Promise<void>): void {
  systemTest(`xenstore clients: ${name}`, { needs }, async (context) => {
    const server = await startServer(context);
    await body(async (domid, ...argv) => {
      const { status, stdout } = await runXenProgram(server.domainSocketPath(domid), argv);
      return status === 0 ? stdout : `${stdout}status ${status}`;
    });
  });
}

clientTest("xenstore-write creates a node that xenstore-read, -exists and -list find", async (run) => {
  assert.equal(await run(0, "xenstore-write", "/a/b", "one", "/a/c", "two"), "");
  assert.equal(await run(0, "xenstore-read", "/a/b", "/a/c"), "one\ntwo\n");
  assert.equal(await run(0, "xenstore-read", "-p", "/a/b"), "/a/b: one\n");
  assert.equal(await run(0, "xenstore-list", "/a"), "b\nc\n");
  assert.equal(await run(0, "xenstore-exists", "/a/b"), "");
  assert.equal(await run(0, "xenstore-exists", "/a/missing"), "status 1");
  assert.equal(await run(0, "xenstore-read", "/a/missing"), "status 1");
});

clientTest("a domain reads and writes below its own path with relative paths", async (run) => {
  assert.equal(await run(5, "xenstore-read", "name"), "guest\n");
  assert.equal(await run(5, "xenstore-write", "name", "other"), "status 1");
  assert.equal(await run(5, "xenstore-write", "data/x", "1"), "");
  assert.equal(await run(0, "xenstore-read", "/local/domain/5/data/x"), "1\n");
  assert.equal(await run(5, "xenstore-write", "/tool/x", "1"), "status 1");
});

clientTest("xenstore-ls shows the tree with values and permissions", async (run) => {
  assert.equal(
    await run(0, "xenstore-ls", "-f", "-p", "/local"),
    [
      '/local/domain = ""   (n0)',
      '/local/domain/5 = ""   (n0,r5)',
      '/local/domain/5/name = "guest"   (n0,r5)',
      '/local/domain/5/data = ""   (n5)',
      "",
    ].join("\n"),
  );
  assert.equal(await run(5, "xenstore-ls", "/local/domain/5"), 'name = "guest"\ndata = ""\n');
});

clientTest("xenstore-ls shows a directory that fits in no packet", async (run) => {
  const names = Array.from({ length: 1200 }, (_, index) => `child-${index}`);
  for (let start = 0; start < names.length; start += 300) {
    const pairs = names.slice(start, start + 300).flatMap((name) => [`/big/${name}`, "v"]);
    assert.equal(await run(0, "xenstore-write", ...pairs), "");
  }
  const listed = (await run(0, "xenstore-ls", "/big")).trimEnd().split("\n");
  assert.deepEqual(
    listed,
    names.map((name) => `${name} = "v"`),
  );
});

clientTest("xenstore-rm removes a subtree, and with -t the parents that it empties", async (run) => {
  await run(0, "xenstore-write", "/a/b/c/d", "1", "/a/x", "1");
  assert.equal(await run(0, "xenstore-rm", "-t", "/a/b/c/d"), "");
  assert.equal(await run(0, "xenstore-list", "/a"), "x\n");
  assert.equal(await run(5, "xenstore-rm", "/a/x"), "status 1");
  assert.equal(await run(0, "xenstore-rm", "/a"), "");
  assert.equal(await run(0, "xenstore-exists", "/a"), "status 1");
});

clientTest("xenstore-chmod changes who may read, recursively and upwards", async (run) => {
  await run(0, "xenstore-write", "/a/b/c", "secret");
  assert.equal(await run(5, "xenstore-read", "/a/b/c"), "status 1");
  assert.equal(await run(0, "xenstore-chmod", "-r", "/a", "n0", "r5"), "");
  assert.equal(await run(5, "xenstore-read", "/a/b/c"), "secret\n");
  assert.equal(await run(5, "xenstore-chmod", "/a/b/c", "b5"), "status 1");
  assert.equal(await run(5, "xenstore-chmod", "data", "r5", "b6"), "");
  const listed = await run(0, "xenstore-ls", "-f", "-p", "/local/domain/5");
  assert.match(listed, /^\/local\/domain\/5\/data = "" {3}\(r5,b6\)$/m);
});

systemTest("xenstore clients: xenstore-watch tells each change", { needs }, async (context) => {
  const server = await startServer(context);
  const { path, environment } = await xenTool("xenstore-watch");
  const watching = startProcess({
    argv: [path, "-n", "3", "/local/domain/5/data", "@releaseDomain"],
    environment: { ...environment, XENSTORED_PATH: server.socketPath },
  });
  context.after(() => watching.stop());
  await waitFor(() => watching.stdout().split("\n").length > 2, { what: "first events" });
  await runXenProgram(server.domainSocketPath(5), ["xenstore-write", "data/x", "1"]);
  const { status, stdout } = await watching.exited;
  assert.equal(status, 0);
  assert.deepEqual(stdout.trimEnd().split("\n"), [
    "/local/domain/5/data",
    "@releaseDomain",
    "/local/domain/5/data/x",
  ]);
});
