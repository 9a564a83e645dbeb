import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after } from "node:test";
import { isPresent } from "@nova-agent/testbed";
import { guestctl, openXenstore } from "./support/demo.ts";
import {
  createServer,
  domainPathOf,
  fail,
  type Fields,
  isRootPassword,
  SharedCloud,
  succeed,
  waitForStatus,
} from "./support/openstack.ts";

const shared = new SharedCloud();
after(() => shared.close());

shared.test("a server is created with its host name, password and addresses", async (cloud, cleanup) => {
  const { name, tree, password } = await createServer(cloud, { name: "created", cleanup });
  assert.equal(await readFile(join(tree, "etc/hostname"), "utf8"), "created\n");
  assert.ok(await isRootPassword(tree, password));
  assert.match(await readFile(join(tree, "etc/network/interfaces"), "utf8"), /address 10\.208\.\d+\.\d+\/19/);
  const server = JSON.parse(await succeed(cloud.openstack(["server", "show", name, "-f", "json"]))) as Fields;
  assert.equal(server["status"], "ACTIVE");
  assert.equal(server["progress"], 100);
});

shared.test(
  "a rescued server has the password that was asked for, and its own after the rescue",
  async (cloud, cleanup) => {
    const server = await createServer(cloud, { name: "rescued", cleanup });
    await succeed(cloud.openstack(["server", "rescue", "--password", "For the rescue 1", "rescued"]));
    await waitForStatus(cloud, { name: "rescued", status: "RESCUE" });
    assert.ok(await isRootPassword(server.rescueTree, "For the rescue 1"));
    await succeed(cloud.openstack(["server", "unrescue", "rescued"]));
    await waitForStatus(cloud, { name: "rescued", status: "ACTIVE" });
    assert.ok(await isRootPassword(server.tree, server.password));
    const version = await guestctl(cloud.demo, ["version", "rescued"]);
    assert.equal(version.status, 0, version.stderr);
  },
);

shared.test(
  "a network that is added is set up in the guest, and taken away again",
  async (cloud, cleanup) => {
    const { tree } = await createServer(cloud, { name: "networked", cleanup });
    const interfaces = () => readFile(join(tree, "etc/network/interfaces"), "utf8");
    const xenstore = await openXenstore(cleanup, cloud.demo);
    const domain = await domainPathOf(cloud, "networked");
    assert.doesNotMatch(await interfaces(), /203\.0\.113\./);
    await succeed(cloud.openstack(["server", "add", "network", "networked", "public"]));
    assert.match(await interfaces(), /address 203\.0\.113\.\d+\/24/);
    assert.equal((await xenstore.list(`${domain}/vm-data/networking`)).length, 2);
    await succeed(cloud.openstack(["server", "remove", "network", "networked", "public"]));
    assert.equal((await xenstore.list(`${domain}/vm-data/networking`)).length, 1);
    assert.deepEqual(await xenstore.list(`${domain}/device/vif`), ["0"]);
  },
);

shared.test("a port that was made is set up in the guest, and taken away again", async (cloud, cleanup) => {
  const { tree } = await createServer(cloud, { name: "ported", cleanup });
  const { openstack } = cloud;
  const made = await succeed(openstack(["port", "create", "--network", "public", "-f", "json", "spare"]));
  const port = JSON.parse(made) as { id: string; fixed_ips: readonly { ip_address: string }[] };
  await succeed(openstack(["server", "add", "port", "ported", "spare"]));
  const interfaces = await readFile(join(tree, "etc/network/interfaces"), "utf8");
  for (const { ip_address: address } of port.fixed_ips) assert.ok(interfaces.includes(`address ${address}/`));
  const list = ["port", "list", "--server", "ported", "-f", "json"] as const;
  const idsOfPorts = async () => (JSON.parse(await succeed(openstack(list))) as Fields[]).map(({ ID }) => ID);
  assert.ok((await idsOfPorts()).includes(port.id));
  await succeed(openstack(["server", "remove", "port", "ported", port.id]));
  assert.ok(!(await idsOfPorts()).includes(port.id));
  const xenstore = await openXenstore(cleanup, cloud.demo);
  const networking = `${await domainPathOf(cloud, "ported")}/vm-data/networking`;
  assert.equal((await xenstore.list(networking)).length, 1);
});

shared.test("what was done with a server is listed and shown step by step", async (cloud, cleanup) => {
  await createServer(cloud, { name: "eventful", cleanup });
  const { openstack } = cloud;
  const events = JSON.parse(
    await succeed(openstack(["server", "event", "list", "eventful", "-f", "json"])),
  ) as Fields[];
  assert.deepEqual(
    events.map((event) => event["Action"]),
    ["create"],
  );
  const id = String(events[0]?.["Request ID"]);
  const shown = JSON.parse(
    await succeed(openstack(["server", "event", "show", "eventful", id, "-f", "json"])),
  ) as { events: readonly { event: string; result: string }[] };
  const steps = shown.events.map(({ event, result }) => `${event} ${result}`);
  for (const step of ["domain", "version", "password", "reset_network"]) {
    assert.ok(steps.includes(`${step} Success`), steps.join(", "));
  }
});

shared.test("a hard reboot makes a new domain whose agent answers", async (cloud, cleanup) => {
  const { tree, password } = await createServer(cloud, { name: "rebooted", cleanup });
  const domid = async () => /^(\d+) +rebooted /m.exec((await guestctl(cloud.demo, ["list"])).stdout)?.[1];
  const before = await domid();
  await succeed(cloud.openstack(["server", "reboot", "--hard", "--wait", "rebooted"]));
  const now = await domid();
  assert.ok(now !== undefined && now !== before, `${before} and ${now}`);
  assert.equal((await guestctl(cloud.demo, ["version", "rebooted"])).status, 0);
  assert.ok(await isRootPassword(tree, password));
});

shared.test(
  "a property that is set is in the guest's user-metadata until it is unset",
  async (cloud, cleanup) => {
    const { openstack, demo } = cloud;
    const xenstore = await openXenstore(cleanup, demo);
    const node = "/local/domain/1/vm-data/user-metadata/colour";
    await succeed(openstack(["server", "set", "--property", "colour=blue", "demo"]));
    assert.equal(await xenstore.readText(node), '"blue"');
    await succeed(openstack(["server", "unset", "--property", "colour", "demo"]));
    assert.equal(await xenstore.exists(node), false);
  },
);

shared.test("a deleted server is gone with its domain and its files", async (cloud, cleanup) => {
  const { tree } = await createServer(cloud, { name: "deleted", cleanup });
  await succeed(cloud.openstack(["server", "delete", "--wait", "deleted"]));
  assert.match(await fail(cloud.openstack(["server", "show", "deleted"])), /'deleted'/);
  assert.equal(await isPresent(tree), false);
  assert.doesNotMatch((await guestctl(cloud.demo, ["list"])).stdout, /deleted/);
});

shared.test("what cannot be done in the server's state is told with the state", async ({ openstack }) => {
  const told = await fail(openstack(["server", "unrescue", "demo"]));
  assert.match(told, /Cannot 'unrescue' instance .* while it is in vm_state active.*HTTP 409/);
});

shared.test("the password of a guest without an agent is told not to be set", async (cloud, cleanup) => {
  const { name, tree } = await createServer(cloud, { name: "agentless", image: "no-agent", cleanup });
  const shadow = await readFile(join(tree, "etc/shadow"), "utf8");
  const told = await fail(
    cloud.openstack(["server", "set", "--root-password", name], "Secret-4\nSecret-4\n"),
  );
  assert.match(told, /nova-agent.*HTTP 409/);
  assert.equal(await readFile(join(tree, "etc/shadow"), "utf8"), shadow);
});
