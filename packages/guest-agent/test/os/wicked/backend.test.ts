import assert from "node:assert/strict";
import { test } from "node:test";
import { HOST_COMMENT } from "../../../src/network/shell-file.ts";
import type { Evidence, NetworkFacts } from "../../../src/os/backend.ts";
import { wicked } from "../../../src/os/wicked/backend.ts";
import { filesAfter, spellSteps } from "../golden-case.ts";
import { networkModels, wantedOf } from "../models.ts";

const directory = "/etc/sysconfig/network/";
const program = "/usr/sbin/wicked";
const service = "/etc/systemd/system/network.service";
const vifs = [{ name: "eth0", mac: "00:16:3e:00:00:01", index: 0 }];
const unit = (name: string): Evidence => ({ link: `/usr/lib/systemd/system/${name}.service` });

function factsOf(
  evidence: readonly (readonly [string, Evidence])[],
  files: Readonly<Record<string, string>> = {},
): NetworkFacts {
  const named = Object.entries(files).map(([name, text]) => [directory + name, text] as const);
  return { vifs, hostname: "guest", evidence: new Map(evidence), files: new Map(named) };
}

const has = [program, {}] as const;
const dhcp = { "ifcfg-eth0": "BOOTPROTO=dhcp\n" };
const claims = [
  ["no", "it is not installed", factsOf([], dhcp)],
  ["could", "it has no file of the VIF", factsOf([has])],
  ["yes", "it has a file of the VIF", factsOf([has], dhcp)],
  ["yes", "its service has the network", factsOf([has, [service, unit("wicked")]])],
  ["no", "NetworkManager has the network", factsOf([has, [service, unit("NetworkManager")]], dhcp)],
] as const;

for (const [claim, what, facts] of claims) {
  test(`wicked says ${claim} when ${what}`, () => assert.equal(wicked.manages(facts), claim));
}

test("what is right in the files and not in the kernel is taken down and brought up", () => {
  const model = networkModels["address and gateway"];
  assert.ok(model);
  const wanted = wantedOf(model);
  const facts = factsOf([has]);
  const files = filesAfter(facts.files, wicked.plan(wanted, facts));
  const kernel = { links: new Map(), routes: [] };
  assert.equal(
    spellSteps(wicked.plan(wanted, { ...facts, files, kernel })),
    "write /run/nova-agent/wicked-apply 0644\n" +
      "run wicked ifdown eth0 (undo: wicked ifup eth0)\nrun wicked ifup eth0\n" +
      "remove /run/nova-agent/wicked-apply\n",
  );
});

test("name servers of the user stay where the host names none, and policies always", () => {
  const config = 'NETCONFIG_DNS_STATIC_SERVERS="192.0.2.99"\nNETCONFIG_DNS_POLICY=""\n';
  const after = (name: string) => {
    const model = networkModels[name];
    assert.ok(model);
    const facts = factsOf([has], { config });
    return filesAfter(facts.files, wicked.plan(wantedOf(model), facts)).get(`${directory}config`);
  };
  assert.equal(after("one address"), config);
  assert.equal(
    after("gateway and name servers"),
    `${HOST_COMMENT}\nNETCONFIG_DNS_STATIC_SERVERS="192.0.2.53 192.0.2.54"\nNETCONFIG_DNS_POLICY=""\n`,
  );
});
