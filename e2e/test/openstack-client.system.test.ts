import assert from "node:assert/strict";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { after } from "node:test";
import { fail, type Fields, isRootPassword, SharedCloud, succeed } from "./support/openstack.ts";

const shared = new SharedCloud();
after(() => shared.close());

shared.test("the demo guest is a server in the list", async ({ openstack }) => {
  const servers = JSON.parse(await succeed(openstack(["server", "list", "-f", "json"]))) as Fields[];
  const demo = servers.find((server) => server["Name"] === "demo");
  assert.equal(demo?.["Status"], "ACTIVE");
  assert.equal(demo["Image"], "debian");
  assert.deepEqual(demo["Networks"], {
    private: ["10.208.227.239"],
    public: ["203.0.113.10", "203.0.113.11", "2001:db8:10::10", "2001:db8:10::11"],
  });
});

shared.test("a server is shown with its state, image and properties", async ({ openstack }) => {
  const server = JSON.parse(await succeed(openstack(["server", "show", "demo", "-f", "json"]))) as Fields;
  assert.equal(server["OS-EXT-STS:vm_state"], "active");
  assert.equal(server["OS-EXT-STS:task_state"], null);
  assert.match(String(server["image"]), /^debian \(/);
  assert.deepEqual(server["properties"], { purpose: "demo" });
});

shared.test("openstack sets root's password of the guest", async ({ demo, openstack }) => {
  const password = "By openstack: 1 ü";
  await succeed(openstack(["server", "set", "--root-password", "demo"], `${password}\n${password}\n`));
  assert.ok(await isRootPassword(demo.tree, password));
});

shared.test("nova sets root's password of the guest", async ({ demo, nova }) => {
  const password = "By nova: 2 ü";
  await succeed(nova(["set-password", "demo"], `${password}\n${password}\n`));
  assert.ok(await isRootPassword(demo.tree, password));
});

shared.test("nova lists the demo guest", async ({ nova }) => {
  assert.match(await succeed(nova(["list"])), /\| demo +\| ACTIVE +\| - +\| Running +\|/);
});

shared.test("a server that is not there is told as such", async ({ openstack }) => {
  assert.match(await fail(openstack(["server", "show", "nobody"])), /'nobody'/);
});

shared.test("a wrong password is refused", async ({ strangerOpenstack }) => {
  assert.match(await fail(strangerOpenstack(["server", "list"])), /HTTP 401/);
});

shared.test(
  "who may only look sees the server and cannot set its password",
  async ({ demo, readerOpenstack }) => {
    assert.match(await succeed(readerOpenstack(["server", "list"])), /\bdemo\b/);
    const shadow = await readFile(join(demo.tree, "etc/shadow"), "utf8");
    const told = await fail(
      readerOpenstack(["server", "set", "--root-password", "demo"], "Secret-3\nSecret-3\n"),
    );
    assert.match(told, /HTTP 403/);
    assert.equal(await readFile(join(demo.tree, "etc/shadow"), "utf8"), shadow);
  },
);

shared.test(
  "no password stands in what the demo prints, in its log or in a file of others",
  async ({ demo }) => {
    const openrc = await readFile(join(demo.directory, "openrc"), "utf8");
    const password = /^export OS_PASSWORD=(.{20,})$/m.exec(openrc)?.[1] ?? "";
    assert.notEqual(password, "");
    const log = await readFile(join(demo.directory, "control.log"), "utf8");
    assert.ok(![demo.process.stdout(), demo.process.stderr(), log].some((text) => text.includes(password)));
    assert.ok(!log.includes("By openstack") && !log.includes("By nova"));
    const argv = await readFile(`/proc/${demo.process.pid}/cmdline`, "utf8");
    assert.ok(!argv.includes(password));
    for (const name of await readdir(demo.directory)) {
      const status = await stat(join(demo.directory, name));
      if (status.isFile()) assert.equal(status.mode & 0o077, 0, name);
    }
  },
);
