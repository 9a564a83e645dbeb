import assert from "node:assert/strict";
import test from "node:test";
import { encodePermission } from "@nova-agent/xenstore";
import {
  type DemoDomain,
  demoNetworks,
  describeDemoDomain,
  domainNodes,
  domainVifs,
} from "../../../src/adapters/demo/index.ts";

const domain: DemoDomain = {
  domid: 7,
  name: "demo",
  uuid: "5e0a7a1e-8f6b-4f6c-9d0a-2f5b3c1d4e6f",
  hostname: "web-1",
  networks: demoNetworks({ hasIpv6: true }),
  memoryKib: 4096,
};
const nodes = new Map(domainNodes(describeDemoDomain(domain)).map((node) => [node.path, node]));
const permissionsOf = (path: string) => nodes.get(path)?.permissions?.map(encodePermission).join(",");

test("the guest may write in data, attr, control and its devices, and only read the rest", () => {
  const home = "/local/domain/7";
  assert.equal(permissionsOf(home), "n0,r7");
  assert.equal(permissionsOf(`${home}/vm-data`), "n0,r7");
  for (const name of ["data", "attr", "control"]) assert.equal(permissionsOf(`${home}/${name}`), "n7");
  for (const index of [0, 1]) assert.equal(permissionsOf(`${home}/device/vif/${index}`), "n7,r0");
});

test("every node with permissions of its own stands before its children", () => {
  const paths = [...nodes.keys()];
  for (const [index, path] of paths.entries()) {
    const early = paths.slice(0, index).filter((other) => other.startsWith(`${path}/`));
    assert.deepEqual(early, [], `children before ${path}`);
  }
});

test("a network stands under its MAC address without colons, as Nova writes it", () => {
  const value = nodes.get("/local/domain/7/vm-data/networking/00163E4A1001")?.value ?? "";
  assert.deepEqual(JSON.parse(value), domain.networks[0]);
});

test("the first network has two addresses of each family, and without IPv6 none of it", () => {
  const [withIpv6] = demoNetworks({ hasIpv6: true });
  const [without] = demoNetworks({ hasIpv6: false });
  assert.deepEqual([withIpv6?.ips.length, withIpv6?.ip6s?.length], [2, 2]);
  assert.deepEqual([without?.ips.length, without?.ip6s, without?.gateway_v6], [2, undefined, null]);
});

test("each network has a card whose frontend and backend point at each other", () => {
  assert.deepEqual(
    domainVifs(domain).map(({ interfaceName }) => interfaceName),
    ["eth0", "eth1"],
  );
  const backend = nodes.get("/local/domain/7/device/vif/1/backend")?.value ?? "";
  assert.equal(nodes.get(`${backend}/frontend`)?.value, "/local/domain/7/device/vif/1");
});
