import assert from "node:assert/strict";
import { test } from "node:test";
import { netplan } from "../../src/os/netplan/backend.ts";
import { networkModels, wantedOf } from "./models.ts";
import { filesAfter, planOf, readGoldenCases, spellSteps } from "./golden-case.ts";

/** What brings about what netplan has generated. */
const isApplying = /^(netplan apply|networkctl reload|systemctl restart systemd-networkd\.service)$/;
const isRun = new RegExp(`^run ${isApplying.source.slice(1)}`, "m");

for (const { name, network, evidence, before, after } of readGoldenCases("netplan")) {
  test(`a reset to ${name} that was killed after any of its steps is completed by the next one`, () => {
    const { steps } = planOf(network, { files: before, evidence });
    const applied = steps.findIndex((step) => step.step === "run" && isApplying.test(step.argv.join(" ")));
    assert.ok(applied > 0);
    for (let killedAfter = 0; killedAfter <= applied; killedAfter += 1) {
      const files = filesAfter(before, steps.slice(0, killedAfter));
      const next = planOf(network, { files, evidence });
      assert.match(spellSteps(next.steps), isRun, `killed after ${killedAfter} steps`);
      assert.deepEqual(filesAfter(files, next.steps), after);
    }
  });
}

test("files that are right are applied when the kernel has it otherwise", () => {
  const golden = readGoldenCases("netplan").find(({ name }) => name === "canonical");
  assert.ok(golden);
  const { network, evidence, after } = golden;
  const facts = {
    vifs: network.vifs,
    hostname: "web01",
    evidence: new Map(evidence.map((path) => [path, {}])),
    files: after,
  };
  assert.deepEqual(netplan.plan(wantedOf(network), facts), []);
  const kernel = { links: new Map(), routes: [] };
  assert.match(spellSteps(netplan.plan(wantedOf(network), { ...facts, kernel })), isRun);
});

/** What netplan is told of a model where it has nothing yet. */
function written(name: string): string {
  const model = networkModels[name];
  assert.ok(model);
  const { steps } = planOf(model, { files: new Map(), evidence: ["/usr/sbin/netplan"] });
  return filesAfter(new Map(), steps).get("/etc/netplan/90-nova-agent.yaml") ?? "";
}

test("a route to an IPv6 gateway stands only where the subnet of another interface has it", () => {
  const elsewhere = written("IPv6 gateway in another interface's subnet");
  assert.match(
    elsewhere,
    /- to: "2001:db8::1\/128"\n +scope: link\n +- to: default\n +via: "2001:db8::1"\n$/,
  );
  const nowhere = written("IPv6 gateway outside the subnet");
  assert.match(nowhere, /routes:\n +- to: default\n +via: "2001:db8:0:2::1"\n +on-link: true\n$/);
});

// PyYAML writes the items of a list at the depth of its key.
const unindented = `network:
  version: 2
  ethernets:
    eth0:
      dhcp4: true
      addresses:
      - 192.0.2.99/24
      - 2001:db8::99/64
      nameservers:
        addresses:
        - 192.0.2.53
        search:
        - example.com
      routes:
      -   to: default
          via: 192.0.2.254
      - to: 10.9.0.0/16
        via: 192.0.2.253
        metric: 100
      optional: true
    ens9:
      routes:
      -   to: 10.8.0.0/16
          via: 198.51.100.1
`;

test("lists whose items are not indented go with their keys", () => {
  const model = networkModels["one address"];
  assert.ok(model);
  const path = "/etc/netplan/50-cloud-init.yaml";
  const files = new Map([[path, unindented]]);
  const { steps } = planOf(model, { files, evidence: ["/usr/sbin/netplan"] });
  assert.equal(
    filesAfter(files, steps).get(path),
    `network:
  version: 2
  ethernets:
    eth0:
      dhcp4: true
      optional: true
    ens9:
      routes:
      -   to: 10.8.0.0/16
          via: 198.51.100.1
`,
  );
});

const flows = [
  "network: {version: 2, ethernets: {eth0: {addresses: [192.0.2.99/24]}}}\n",
  '{"network": {"version": 2, "ethernets": {"eth0": {"gateway4": "192.0.2.1"}}}}\n',
  "network:\n  version: 2\n  ethernets: {all: {match: {name: eth*}, routes: [{to: default, via: 192.0.2.1}]}}\n",
];

for (const text of flows) {
  test(`what cannot be cut out of another file is refused with the file and the way out: ${text}`, () => {
    const model = networkModels["one address"];
    assert.ok(model);
    const path = "/etc/netplan/60-flow.yaml";
    const files = new Map([[path, text]]);
    assert.throws(() => planOf(model, { files, evidence: ["/usr/sbin/netplan"] }), {
      code: "AGENT_UNSUPPORTED",
      message:
        /^netplan would join addresses or routes of "\/etc\/netplan\/60-flow\.yaml" .*; write it .*, or /,
    });
    const others = "network: {version: 2, ethernets: {ens9: {addresses: [192.0.2.99/24]}}}\n";
    for (const harmless of ["network: {version: 2, renderer: networkd}\n", others]) {
      const facts = { files: new Map([[path, harmless]]), evidence: ["/usr/sbin/netplan"] };
      assert.match(spellSteps(planOf(model, facts).steps), isRun);
    }
  });
}
