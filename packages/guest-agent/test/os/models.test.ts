import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { anyNetwork, expectedOf, modelsAndRandom, networkModels, wantedOf } from "./models.ts";

test("every model is read and has an interface for each of its keys", () => {
  for (const [name, network] of Object.entries(networkModels)) {
    const { interfaces, missing } = wantedOf(network);
    assert.equal(interfaces.length, Object.keys(network.networking).length, name);
    assert.deepEqual(missing, [], name);
  }
});

test("the second of two gateways keeps its route, with a metric", () => {
  const network = networkModels["two gateways, the second public"];
  assert.ok(network !== undefined);
  const { eth0, eth1 } = expectedOf(wantedOf(network));
  assert.deepEqual(eth0?.routes, ["default via 10.0.0.1 metric 2049"]);
  assert.deepEqual(eth1?.routes, ["default via 192.0.2.1"]);
});

test("any network is read", () => {
  fc.assert(fc.property(anyNetwork, (network) => wantedOf(network).interfaces.length > 0));
});

test("random networks stand behind the models and are the same again with the same seed", (context) => {
  const [first, again] = [modelsAndRandom(context, 5, 7), modelsAndRandom(context, 5, 7)];
  assert.equal(first.length, Object.keys(networkModels).length + 5);
  assert.deepEqual(again, first);
  assert.match(first.at(-1)?.[0] ?? "", /^random network 4 of MODELS_SEED=7$/);
  assert.notDeepEqual(modelsAndRandom(context, 5, 8).slice(-5), first.slice(-5));
});
