import assert from "node:assert/strict";
import test from "node:test";
import type { Instance, InstanceService, Requester } from "../../src/index.ts";
import { hasCode } from "../support/has-code.ts";
import {
  instanceWorld,
  type InstanceWorld,
  privateNetwork,
  publicNetwork,
  secretOf,
} from "../support/instance-world.ts";

/** What is done with an instance, in which it may be done. */
interface Call {
  /** As the audit has it. */
  readonly what: string;
  readonly vmState?: Instance["vmState"];
  readonly imageId?: string;
  readonly run: (world: InstanceWorld, requester: Requester, id: string) => Promise<unknown>;
}

type Change = Exclude<keyof InstanceService, "create" | "find" | "consoleLog" | "recover" | "idle" | "close">;

const activation = { activationKey: "k3y", profile: "web-1", domains: ["satellite.example.net"] };
const added = { networkId: privateNetwork.id };

/** Every change of an instance that there is, all of an instance with a card in the public network. */
const calls: Readonly<Record<Change, Call>> = {
  changePassword: {
    what: "changePassword",
    run: ({ service }, requester, id) => service.changePassword(requester, id, secretOf("n3w")),
  },
  reboot: { what: "reboot", run: ({ service }, requester, id) => service.reboot(requester, id, "hard") },
  start: {
    what: "start",
    vmState: "stopped",
    run: ({ service }, requester, id) => service.start(requester, id),
  },
  stop: { what: "stop", run: ({ service }, requester, id) => service.stop(requester, id) },
  rescue: {
    what: "rescue",
    run: ({ service }, requester, id) => service.rescue(requester, id, { adminPass: secretOf("n3w") }),
  },
  unrescue: {
    what: "unrescue",
    vmState: "rescued",
    run: ({ service }, requester, id) => service.unrescue(requester, id),
  },
  resetNetwork: {
    what: "resetNetwork",
    run: ({ service }, requester, id) => service.resetNetwork(requester, id),
  },
  injectNetworkInfo: {
    what: "injectNetworkInfo",
    run: ({ service }, requester, id) => service.injectNetworkInfo(requester, id),
  },
  attachInterface: {
    what: "attach_interface",
    run: ({ service }, requester, id) =>
      service.attachInterface(
        requester,
        id,
        requester.projectId === "demo" ? added : { networkId: publicNetwork.id },
      ),
  },
  detachInterface: {
    what: "detach_interface",
    run: async ({ service, database }, requester, id) => {
      const [port] = await database.instances.ports(id);
      await service.detachInterface(requester, id, port?.id ?? "");
    },
  },
  addFixedIp: {
    what: "addFixedIp",
    run: ({ service }, requester, id) => service.addFixedIp(requester, id, publicNetwork.id),
  },
  removeFixedIp: {
    what: "removeFixedIp",
    run: ({ service }, requester, id) => service.removeFixedIp(requester, id, "203.0.113.2"),
  },
  setMetadata: {
    what: "update metadata",
    run: ({ service }, requester, id) =>
      service.setMetadata(requester, id, { metadata: { a: "changed" }, isWhole: false }),
  },
  removeMetadata: {
    what: "delete metadata",
    run: ({ service }, requester, id) => service.removeMetadata(requester, id, "a"),
  },
  registerRedHat: {
    what: "registerRedHat",
    run: ({ service }, requester, id) => service.registerRedHat(requester, id, activation),
  },
  activateWindows: {
    what: "activateWindows",
    imageId: "windows",
    run: ({ service }, requester, id) => service.activateWindows(requester, id, activation),
  },
  remove: { what: "delete", run: ({ service }, requester, id) => service.remove(requester, id) },
};

/** An instance in the state that a call is for. */
async function readyFor({ built, database, operations }: InstanceWorld, call: Call): Promise<string> {
  const { vmState = "active", imageId = "debian" } = call;
  const instance = await built({ imageId, cards: [{ networkId: publicNetwork.id }], metadata: { a: "b" } });
  database.put({ ...instance, vmState });
  operations.featureList = ["version", "password", "features", "kmsactivate"];
  return instance.id;
}

for (const [name, call] of Object.entries(calls)) {
  test(`${name} leaves a row in the audit that says who, what and how it ended`, async (context) => {
    const world = await instanceWorld(context);
    const id = await readyFor(world, call);
    const requester = world.ask();
    await call.run(world, requester, id);
    await world.service.idle();
    const rows = world.database.auditRows.filter(({ requestId }) => requestId === requester.requestId);
    const { userId, projectId } = requester;
    const last = rows.at(-1);
    assert.deepEqual(
      [last?.userId, last?.projectId, last?.what, last?.target, last?.outcome],
      [userId, projectId, call.what, id, "done"],
    );
  });

  test(`${name} of another project's instance does nothing, and tells nothing of it`, async (context) => {
    const world = await instanceWorld(context);
    const id = await readyFor(world, call);
    const before = world.database.instance(id);
    const ports = await world.database.instances.ports(id);
    const foreign = call.run(world, { ...world.ask(), projectId: "other" }, id);
    await assert.rejects(foreign, hasCode("NO_SUCH_INSTANCE", /^Instance \S+ could not be found\.$/));
    await world.service.idle();
    assert.deepEqual([world.operations.asked, world.toolstack.calls], [[], []]);
    assert.deepEqual(world.database.instance(id), before);
    assert.deepEqual(await world.database.instances.ports(id), ports);
  });
}
