import assert from "node:assert/strict";
import test from "node:test";
import type { FreePort } from "../../../src/index.ts";
import { hasCode } from "../../support/has-code.ts";
import { createRequest, instanceWorld, privateNetwork, publicNetwork } from "../../support/instance-world.ts";

const spare: FreePort = {
  id: "port-spare",
  projectId: "demo",
  name: "spare",
  networkId: publicNetwork.id,
  mac: "00:16:3e:00:00:99",
  fixedIps: [{ address: "203.0.113.5", prefixLength: 29 }],
};
const inPrivate = { networkId: privateNetwork.id };
const chosen = { ...inPrivate, fixedIp: "10.208.0.9" };

test("a port and an address that were chosen are in the domain, at their places", async (context) => {
  const { database, toolstack, built } = await instanceWorld(context);
  await database.instances.insertFreePort(spare);
  const { id } = await built({ cards: [inPrivate, { portId: spare.id }, chosen] });
  const ports = (await database.instances.ports(id)).toSorted((left, right) => left.index - right.index);
  assert.deepEqual(
    ports.map(({ index, networkId, fixedIps }) => [index, networkId, fixedIps[0]?.address]),
    [
      [0, privateNetwork.id, "10.208.0.2"],
      [1, publicNetwork.id, "203.0.113.5"],
      [2, privateNetwork.id, "10.208.0.9"],
    ],
  );
  const { vifs, vmData } = toolstack.specOf(id);
  assert.equal(vifs[1]?.mac, spare.mac);
  assert.match(vmData["networking/00163e000099"] ?? "", /"ip":"203\.0\.113\.5"/);
});

test("a port that was chosen is its instance's alone, and free again when that is gone", async (context) => {
  const { service, database, ask, built } = await instanceWorld(context);
  await database.instances.insertFreePort(spare);
  const { id } = await built({ cards: [{ portId: spare.id }] });
  const again = createRequest({ cards: [{ portId: spare.id }] });
  await assert.rejects(service.create(ask(), again), hasCode("NO_SUCH_PORT"));
  await service.remove(ask(), id);
  await service.idle();
  assert.deepEqual(await database.instances.findFreePort(spare.id), spare);
  assert.equal((await built({ cards: [{ portId: spare.id }] })).vmState, "active");
});

test("another project's port or network is not there", async (context) => {
  const { service, database, ask } = await instanceWorld(context);
  await database.instances.insertFreePort({ ...spare, projectId: "other" });
  const request = createRequest({ cards: [{ portId: spare.id }] });
  await assert.rejects(service.create(ask(), request), hasCode("NO_SUCH_PORT"));
  const foreign = { ...ask(), projectId: "other" };
  const inPrivateNetwork = createRequest({ cards: [inPrivate] });
  await assert.rejects(service.create(foreign, inPrivateNetwork), hasCode("BAD_ARGUMENT"));
  assert.deepEqual(await database.instances.list({}), []);
});

test("an address that is in use is told at once, and nothing is left of the instance", async (context) => {
  const { service, database, toolstack, ask, built } = await instanceWorld(context);
  await database.instances.insertFreePort(spare);
  const { id } = await built({ cards: [chosen] });
  const requester = ask();
  const request = createRequest({ cards: [{ portId: spare.id }, chosen] });
  await assert.rejects(service.create(requester, request), hasCode("ADDRESS_TAKEN"));
  assert.ok(request.adminPass.reveal().every((byte) => byte === 0));
  await service.idle();
  assert.deepEqual(toolstack.calls, []);
  assert.deepEqual(
    (await database.instances.list({})).map((instance) => instance.id),
    [id],
  );
  assert.deepEqual(await database.instances.findFreePort(spare.id), spare);
  assert.deepEqual(await database.actions.unfinished(), []);
  const rows = database.auditRows.filter(({ requestId }) => requestId === requester.requestId);
  assert.deepEqual(
    rows.map(({ what, outcome }) => [what, outcome]),
    [["create", "failed: ADDRESS_TAKEN"]],
  );
});

test("an address that is none of the network's is a bad argument", async (context) => {
  const { service, ask } = await instanceWorld(context);
  for (const fixedIp of ["203.0.113.2", "10.208.0.0", "nonsense"]) {
    const request = createRequest({ cards: [{ ...inPrivate, fixedIp }] });
    await assert.rejects(service.create(ask(), request), hasCode("BAD_ARGUMENT"), fixedIp);
  }
});
