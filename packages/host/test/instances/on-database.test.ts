import assert from "node:assert/strict";
import test from "node:test";
import { pgliteInMemory } from "@nova-agent/testbed";
import { openDatabase } from "../../src/adapters/database/index.ts";
import {
  createRequest,
  instanceWorld,
  privateNetwork,
  publicNetwork,
  secretOf,
} from "../support/instance-world.ts";

test("the embedded database takes what is done with an instance from its build to its end", async (context) => {
  const stored = await openDatabase(pgliteInMemory());
  context.after(() => stored.close());
  const { service, operations, ask } = await instanceWorld(context, { stored });
  const requester = ask();
  const { id } = await service.create(requester, createRequest({ cards: [{ networkId: publicNetwork.id }] }));
  await service.idle();
  assert.equal((await stored.instances.find(id))?.vmState, "active");
  const events = (await stored.actions.find(id, requester.requestId))?.events ?? [];
  assert.deepEqual([...new Set(events.map(({ result }) => result))], ["Success"]);
  await service.changePassword(ask(), id, secretOf("s3cret"));
  const { fixedIps } = await service.attachInterface(ask(), id, { networkId: privateNetwork.id });
  assert.deepEqual(await stored.instances.usedAddresses(privateNetwork.id), [fixedIps[0]?.address]);
  await service.addFixedIp(ask(), id, privateNetwork.id);
  operations.refuse("resetNetwork", "refused");
  await assert.rejects(service.addFixedIp(ask(), id, privateNetwork.id));
  assert.equal((await stored.instances.usedAddresses(privateNetwork.id)).length, 2);
  operations.answers.clear();
  await service.setMetadata(ask(), id, { metadata: { a: "1" }, isWhole: true });
  await service.rescue(ask(), id, { adminPass: secretOf("r3scue") });
  await service.idle();
  assert.equal((await stored.instances.find(id))?.vmState, "rescued");
  await service.recover();
  await service.remove(ask(), id);
  await service.idle();
  assert.notEqual((await stored.instances.find(id))?.deletedAt, null);
  assert.deepEqual(await stored.actions.unfinished(), []);
  assert.deepEqual(await stored.instances.usedAddresses(privateNetwork.id), []);
});
