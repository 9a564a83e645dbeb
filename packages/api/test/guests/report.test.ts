import assert from "node:assert/strict";
import test from "node:test";
import { sightOf } from "@nova-agent/host/testing";
import { reportRoutes } from "../../src/guests/report-routes.ts";
import { idOf } from "../compute/support/samples.ts";
import { objectOf, openGuests } from "./support/guests-world.ts";

const { ask, add, observation } = await openGuests(reportRoutes);
await add(1);
await add(2, { projectId: "p2" });

test("a guest's report is shown with the nodes that it was read from", async () => {
  const nodes = {
    "attr/vif/0/ipv4/0": "192.0.2.10",
    "data/meminfo_free": "1000",
    "data/meminfo_total": "2000",
    "data/os_name": "Debian GNU/Linux 12",
    "data/os_uname": "6.1.0",
    "data/updated": "Fri Jan  2 03:59:00 2026",
    "data/volumes/0/size": "5",
  };
  observation.sights.set(idOf(1), sightOf(nodes));
  assert.deepEqual(objectOf(await ask(`/servers/${idOf(1)}/report`, "reader"), "report"), {
    is_published: true,
    domid: 5,
    os: { name: "Debian GNU/Linux 12", version: "", distro: "" },
    kernel: "6.1.0",
    memory: { total_kib: 2000, free_kib: 1000 },
    volumes: [{ name: "", mount: "", size_bytes: 5, free_bytes: null, filesystem: "" }],
    interfaces: [{ vif: 0, name: "VIF 0", mac: null, addresses: ["192.0.2.10"] }],
    tools_version: null,
    updated_at: "2026-01-02T03:59:00.000Z",
    nodes: Object.entries(nodes).map(([path, value]) => ({ path, value })),
  });
});

test("without a domain nothing is published", async () => {
  observation.sights.clear();
  const report = objectOf(await ask(`/servers/${idOf(1)}/report`), "report");
  assert.deepEqual([report["is_published"], report["domid"], report["nodes"]], [false, null, []]);
});

test("the report of another project's server is not there", async () => {
  assert.equal((await ask(`/servers/${idOf(2)}/report`)).status, 404);
});
