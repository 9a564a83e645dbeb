import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after } from "node:test";
import { temporaryDirectory } from "@nova-agent/testbed";
import { guestctl } from "./support/demo.ts";
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

shared.test(
  "a server gets the key, the port and the address that were asked for, and nobody else does",
  async (cloud, cleanup) => {
    const { openstack, nova } = cloud;
    const keyFile = join(await temporaryDirectory(cleanup), "key");
    const [made] = await Promise.all([
      succeed(openstack(["port", "create", "--network", "public", "-f", "json", "chosen"])),
      succeed(openstack(["keypair", "create", "--private-key", keyFile, "laptop"])),
    ]);
    const port = JSON.parse(made) as { readonly fixed_ips: readonly { readonly ip_address: string }[] };
    const [byPort, byAddress] = [
      ["--port", "chosen"],
      ["--nic", "net-id=private,v4-fixed-ip=10.208.230.9"],
    ];
    const more = ["--key-name", "laptop", ...byAddress, ...byPort];
    const { tree, password } = await createServer(cloud, { name: "keyed", more, cleanup });
    const { keypair } = (await cloud.api("/os-keypairs/laptop")) as { keypair: Record<string, string> };
    const authorized = await readFile(join(tree, "root/.ssh/authorized_keys"), "utf8");
    assert.ok(authorized.split("\n").includes(keypair["public_key"] ?? ""));
    const interfaces = await readFile(join(tree, "etc/network/interfaces"), "utf8");
    for (const address of ["10.208.230.9", ...port.fixed_ips.map(({ ip_address }) => ip_address)]) {
      assert.ok(interfaces.includes(`address ${address}/`), interfaces);
    }
    assert.equal(await succeed(nova(["get-password", "keyed", keyFile])), `${password}\n`);
    await succeed(nova(["clear-password", "keyed"]));
    assert.equal(await succeed(nova(["get-password", "keyed"])), "\n");
    const again = ["server", "create", "--image", "debian", "--flavor", "demo.small"] as const;
    const [portInUse, addressInUse] = await Promise.all([
      fail(openstack([...again, ...byPort, "second"])),
      fail(openstack([...again, ...byAddress, "second"])),
    ]);
    assert.match(portInUse, /Port .* is still in use.*HTTP 409/);
    assert.match(addressInUse, /10\.208\.230\.9 of network private is in use.*HTTP 409/);
  },
);

shared.test("a key pair is listed until it is deleted", async ({ openstack }) => {
  await succeed(openstack(["keypair", "create", "brief"]));
  const names = async () => {
    const pairs = JSON.parse(await succeed(openstack(["keypair", "list", "-f", "json"]))) as Fields[];
    return pairs.map(({ Name }) => Name);
  };
  assert.ok((await names()).includes("brief"));
  await succeed(openstack(["keypair", "delete", "brief"]));
  assert.ok(!(await names()).includes("brief"));
});

shared.test(
  "a server is stopped, started and rebooted softly, and its agent answers",
  async (cloud, cleanup) => {
    const { openstack } = cloud;
    const { tree, password } = await createServer(cloud, { name: "powered", cleanup });
    await succeed(openstack(["server", "stop", "powered"]));
    await waitForStatus(cloud, { name: "powered", status: "SHUTOFF" });
    const told = await fail(
      openstack(["server", "set", "--root-password", "powered"], "Secret-5\nSecret-5\n"),
    );
    assert.match(told, /Cannot 'changePassword' instance .* while it is in vm_state stopped.*HTTP 409/);
    await succeed(openstack(["server", "start", "powered"]));
    await waitForStatus(cloud, { name: "powered", status: "ACTIVE" });
    const started = await domainPathOf(cloud, "powered");
    await succeed(openstack(["server", "reboot", "--soft", "--wait", "powered"]));
    assert.notEqual(await domainPathOf(cloud, "powered"), started);
    assert.equal((await guestctl(cloud.demo, ["version", "powered"])).status, 0);
    assert.ok(await isRootPassword(tree, password));
    const console = await succeed(openstack(["console", "log", "show", "--lines", "5", "powered"]));
    const log = await readFile(join(tree, "var/log/nova-agent.log"), "utf8");
    const lines = console.split("\n").filter((line) => line !== "");
    assert.equal(lines.length, 5);
    for (const line of lines) assert.ok(log.includes(line), line);
  },
);

shared.test("nova rescues a server, shows it as such, and brings it back", async (cloud, cleanup) => {
  const { nova } = cloud;
  const server = await createServer(cloud, { name: "novas", cleanup });
  const told = await succeed(nova(["rescue", "--password", "For nova 1", "novas"]));
  assert.match(told, /\| adminPass +\| For nova 1 +\|/);
  await waitForStatus(cloud, { name: "novas", status: "RESCUE" });
  assert.ok(await isRootPassword(server.rescueTree, "For nova 1"));
  assert.match(await succeed(nova(["show", "novas"])), /\| status +\| RESCUE +\|/);
  await succeed(nova(["unrescue", "novas"]));
  await waitForStatus(cloud, { name: "novas", status: "ACTIVE" });
  assert.ok(await isRootPassword(server.tree, server.password));
  const actions = await succeed(nova(["instance-action-list", "novas"]));
  for (const action of ["create", "rescue", "unrescue"])
    assert.match(actions, new RegExp(`\\| ${action} +\\|`));
});

shared.test("nova has a guest apply its network, and shows diagnostics", async ({ nova, api }) => {
  await succeed(nova(["reset-network", "demo"]));
  const { servers } = (await api("/servers?name=demo")) as { readonly servers: readonly { id: string }[] };
  const { instanceActions } = (await api(`/servers/${servers[0]?.id}/os-instance-actions`)) as {
    readonly instanceActions: readonly Fields[];
  };
  const reset = instanceActions.find(({ action }) => action === "resetNetwork");
  assert.deepEqual([reset?.["action"], reset?.["message"]], ["resetNetwork", null]);
  assert.match(await succeed(nova(["diagnostics", "demo"])), /\| driver +\| xenapi +\|/);
});

shared.test("limits are shown, and how much of them is used", async ({ openstack }) => {
  const told = await succeed(openstack(["limits", "show", "--absolute", "-f", "json"]));
  const limits = new Map((JSON.parse(told) as Fields[]).map(({ Name, Value }) => [Name, Value]));
  assert.equal(limits.get("maxPersonality"), 5);
  assert.ok(Number(limits.get("totalInstancesUsed")) >= 1);
});

shared.test(
  "a client authenticates by an application credential, with its role alone, until it is deleted",
  async ({ openstack, credentialOpenstack }) => {
    const create = [
      "application",
      "credential",
      "create",
      "--role",
      "reader",
      "-f",
      "json",
      "lookout",
    ] as const;
    const credential = JSON.parse(await succeed(openstack(create))) as { id: string; secret: string };
    const lookout = credentialOpenstack(credential);
    const set = ["server", "set", "--root-password", "demo"] as const;
    const [list, seen, refused] = await Promise.all([
      succeed(openstack(["application", "credential", "list", "-f", "json"])),
      succeed(lookout(["server", "list"])),
      fail(lookout(set, "Secret-6\nSecret-6\n")),
    ]);
    assert.match(list, /"lookout"/);
    assert.ok(!list.includes(credential.secret));
    assert.match(seen, /\bdemo\b/);
    assert.match(refused, /HTTP 403/);
    await succeed(openstack(["application", "credential", "delete", "lookout"]));
    assert.match(await fail(lookout(["server", "list"])), /HTTP 401/);
  },
);

shared.test("a server of another project is not there, by name and by id", async (cloud) => {
  const { servers } = (await cloud.api("/servers?name=demo")) as {
    readonly servers: readonly { id: string }[];
  };
  const id = servers[0]?.id ?? "";
  const [list, shown, deleted] = await Promise.all([
    succeed(cloud.foreignOpenstack(["server", "list", "-f", "json"])),
    fail(cloud.foreignOpenstack(["server", "show", id])),
    fail(cloud.foreignOpenstack(["server", "delete", id])),
  ]);
  assert.deepEqual(JSON.parse(list), []);
  assert.match(shown, new RegExp(`No server.*${id}`));
  assert.match(deleted, new RegExp(`No server.*${id}`));
});
