import assert from "node:assert/strict";
import test from "node:test";
import { explainSilence, nameInterface, reportAnswer } from "../../src/browser/model/report.ts";

test("an interface is named by the network that its MAC is in", () => {
  const ports = [{ mac: "00:16:3E:00:00:01", network: { id: "n", name: "public" } }];
  const seen = { vif: 0, name: "VIF 0", mac: "00:16:3e:00:00:01", addresses: [] };
  assert.equal(nameInterface(seen, ports), "Card 0: public");
  assert.equal(nameInterface({ ...seen, name: "eth0" }, ports), "Card 0: public (eth0)");
  assert.equal(nameInterface({ ...seen, mac: "00:16:3e:00:00:02" }, ports), "Card 0");
  assert.equal(nameInterface({ ...seen, name: "eth0", mac: null }, ports), "Card 0 (eth0)");
});

test("why a guest tells nothing, and what to do, is said for each state of a server", () => {
  const states = ["building", "stopped", "error", "rescued", "active"];
  const told = states.map((state) => explainSilence({ vm_state: state }));
  assert.equal(new Set(told.map(({ why }) => why)).size, states.length);
  assert.match(told.at(-1)?.remedy ?? "", /Agent tab/);
});

test("a report of a guest that tells hardly anything is understood", () => {
  const report = {
    is_published: true,
    domid: 3,
    os: null,
    kernel: null,
    memory: null,
    volumes: [{ name: "xvda", mount: "", size_bytes: null, free_bytes: null, filesystem: "" }],
    interfaces: [],
    tools_version: null,
    updated_at: null,
    nodes: [],
  };
  assert.equal(reportAnswer.safeParse({ report }).success, true);
});
