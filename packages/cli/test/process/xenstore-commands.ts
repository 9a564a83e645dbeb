import assert from "node:assert/strict";
import { waitFor } from "@nova-agent/testbed";
import { startCliHost } from "../support/cli-host.ts";
import type { ProcessTest } from "../support/guestctl.ts";
import { parseLine } from "../support/parse-line.ts";

/** What guestctl shows of XenStore. */
export function xenstoreCommandTests(test: ProcessTest): void {
  test("ls prints the tree below a path with escaped and cut values", async (context, guestctl) => {
    const { socketPath, xenstore } = await startCliHost(context);
    await xenstore.write("/demo/a", "x\u001b[2J");
    await xenstore.write("/demo/a/b", Uint8Array.of(0, 255));
    await xenstore.write("/demo/c", "y".repeat(100));
    const { status, stdout } = await guestctl.run({ args: ["ls", "/demo"], socketPath });
    const expected = [
      '/demo = ""',
      ' a = "x\\x1b[2J"',
      '  b = "\\x00\\xff"',
      ` c = "${"y".repeat(63)}…"`,
      "",
    ];
    assert.deepEqual([status, stdout], [0, expected.join("\n")]);
  });

  test("ls --json holds every value whole, and permissions where asked for", async (context, guestctl) => {
    const { socketPath, xenstore } = await startCliHost(context);
    await xenstore.write("/demo/b", Uint8Array.of(0, 255));
    await xenstore.write("/demo/c", "y".repeat(100));
    await xenstore.setPermissions("/demo/c", [
      { domid: 5, read: false, write: false },
      { domid: 6, read: true, write: true },
    ]);
    const { stdout } = await guestctl.run({ args: ["ls", "-p", "/demo", "--json"], socketPath });
    assert.deepEqual(parseLine(stdout), {
      path: "/demo",
      nodes: [
        { path: "/demo", value: "", permissions: ["n0"] },
        { path: "/demo/b", value: null, valueBase64: "AP8=", permissions: ["n0"] },
        { path: "/demo/c", value: "y".repeat(100), permissions: ["n5", "b6"] },
      ],
    });
    const text = await guestctl.run({ args: ["ls", "-p", "/demo/b"], socketPath });
    assert.equal(text.stdout, '/demo/b = "\\x00\\xff"   (n0)\n');
  });

  test("ls without a path prints from the root", async (context, guestctl) => {
    const { socketPath } = await startCliHost(context);
    const { stdout } = await guestctl.run({ args: ["ls"], socketPath });
    assert.match(stdout, /^\/ = ""\n/);
    assert.match(stdout, /^ {4}name = "web-1"$/m);
  });

  test("ls of a path that is not there tells so", async (context, guestctl) => {
    const { socketPath } = await startCliHost(context);
    const { status, stdout } = await guestctl.run({ args: ["ls", "/nothing", "--json"], socketPath });
    assert.equal(status, 1);
    assert.match(stdout, /^\{"error":\{"code":"ENOENT","message":"[^"]*\\"\/nothing\\"/);
  });

  test("watch prints the path itself, then every change, up to --count", async (context, guestctl) => {
    const { socketPath, xenstore } = await startCliHost(context);
    const running = guestctl.start({ args: ["watch", "/demo", "--count", "3", "--json"], socketPath });
    context.after(() => running.stop());
    const lines = (count: number): boolean => running.stdout().split("\n").length > count;
    await waitFor(() => lines(1), { what: "first line" });
    await xenstore.write("/demo/a", "1");
    await waitFor(() => lines(2), { what: "second line" });
    await xenstore.remove("/demo");
    const { status, stdout } = await running.exited;
    assert.deepEqual([status, stdout], [0, '{"path":"/demo"}\n{"path":"/demo/a"}\n{"path":"/demo"}\n']);
  });

  test("watch ends cleanly at Ctrl-C", async (context, guestctl) => {
    const { socketPath } = await startCliHost(context);
    const running = guestctl.start({ args: ["watch", "@releaseDomain"], socketPath });
    context.after(() => running.stop());
    await waitFor(() => running.stdout() !== "", { what: "first line" });
    running.kill("SIGINT");
    assert.deepEqual(await running.exited, { status: 0, stdout: "@releaseDomain\n", stderr: "" });
  });

  test("watch of a malformed path is an error", async (context, guestctl) => {
    const { socketPath } = await startCliHost(context);
    const { status, stderr } = await guestctl.run({ args: ["watch", "//"], socketPath });
    assert.equal(status, 1);
    assert.match(stderr, /EINVAL|"\/\/"/);
  });

  for (const [signal, status] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    test(`${signal} during an exchange withdraws the request and ends with ${status}`, async (context, guestctl) => {
      const { socketPath, xenstore, guest } = await startCliHost(context);
      const running = guestctl.start({ args: ["features", "5"], socketPath });
      context.after(() => running.stop());
      await waitFor(() => guest.requests.length === 1, { what: "request" });
      running.kill(signal);
      const outcome = await running.exited;
      assert.equal(outcome.status, status);
      assert.match(
        outcome.stderr,
        /^guestctl: Cancelled "features" for domain 5: the request is withdrawn\n$/,
      );
      assert.deepEqual(await xenstore.list("/local/domain/5/data/host"), []);
    });
  }
}
