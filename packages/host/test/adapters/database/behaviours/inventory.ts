import assert from "node:assert/strict";
import type { Flavor, Image, KeyPair, Network } from "../../../../src/index.ts";
import { hasCode } from "../../../support/has-code.ts";
import { type Behaviour, at } from "../behaviour.ts";

/** How images, flavors, networks and key pairs are kept. */
export const inventoryBehaviours: readonly Behaviour[] = [
  {
    name: "images and flavors are found and listed as they were put in",
    check: async ({ database: { inventory }, mine }) => {
      const image: Image = {
        id: `${mine}-image`,
        name: "debian-12",
        hasAgent: true,
        isRescue: false,
        reference: "/images/debian",
        osType: "linux",
        minDiskGib: 10,
        minRamMib: 512,
        createdAt: at(0),
      };
      const flavor: Flavor = { id: `${mine}-flavor`, name: "small", vcpus: 2, ramMib: 1024, diskGib: 20 };
      await inventory.insertImage(image);
      await inventory.insertFlavor(flavor);
      const isMine = ({ id }: { id: string }) => id.startsWith(mine);
      assert.deepEqual(await inventory.findImage(image.id), image);
      assert.deepEqual((await inventory.images()).filter(isMine), [image]);
      assert.deepEqual(await inventory.findFlavor(flavor.id), flavor);
      assert.deepEqual((await inventory.flavors()).filter(isMine), [flavor]);
      assert.equal(await inventory.findImage("none"), undefined);
      assert.equal(await inventory.findFlavor("none"), undefined);
      await assert.rejects(inventory.insertImage(image), hasCode("ALREADY_EXISTS"));
      await assert.rejects(inventory.insertFlavor(flavor), hasCode("ALREADY_EXISTS"));
    },
  },
  {
    name: "a project sees its own networks and those of everybody",
    check: async ({ database: { inventory }, mine }) => {
      const own: Network = {
        id: `${mine}-own`,
        projectId: mine,
        name: "private",
        bridge: "xenbr1",
        cidr: "192.0.2.0/24",
        cidr6: "2001:db8::/64",
        gateway: "192.0.2.1",
        gateway6: "2001:db8::1",
        dns: ["192.0.2.53", "2001:db8::53"],
        routes: [{ destination: "198.51.100.0/24", gateway: "192.0.2.2" }],
      };
      const without = { projectId: undefined, cidr6: undefined, gateway: undefined, gateway6: undefined };
      const shared: Network = {
        ...own,
        ...without,
        id: `${mine}-shared`,
        name: "public",
        dns: [],
        routes: [],
      };
      const foreign: Network = { ...own, id: `${mine}-foreign`, projectId: `${mine}-other` };
      for (const network of [shared, own, foreign]) await inventory.insertNetwork(network);
      const seen = (await inventory.networks(mine)).filter(({ id }) => id.startsWith(mine));
      assert.deepEqual(seen, [own, shared]);
      assert.deepEqual(await inventory.findNetwork(foreign.id), foreign);
      assert.equal(await inventory.findNetwork("none"), undefined);
    },
  },
  {
    name: "key pairs belong to a user, whose names for them are unique",
    check: async ({ database: { inventory }, mine }) => {
      const pair: KeyPair = {
        userId: mine,
        name: "laptop",
        publicKey: "ssh-ed25519 AAAA",
        fingerprint: "00:11",
        createdAt: at(0),
      };
      const foreign = { ...pair, userId: `${mine}-other` };
      await inventory.insertKeyPair(pair);
      await inventory.insertKeyPair(foreign);
      await assert.rejects(inventory.insertKeyPair(pair), hasCode("ALREADY_EXISTS"));
      assert.deepEqual(await inventory.keyPairs(mine), [pair]);
      assert.deepEqual(await inventory.findKeyPair(mine, "laptop"), pair);
      assert.equal(await inventory.removeKeyPair(mine, "laptop"), true);
      assert.equal(await inventory.removeKeyPair(mine, "laptop"), false);
      assert.equal(await inventory.findKeyPair(mine, "laptop"), undefined);
      assert.deepEqual(await inventory.keyPairs(foreign.userId), [foreign]);
    },
  },
];
