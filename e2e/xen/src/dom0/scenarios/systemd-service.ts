import assert from "node:assert/strict";
import { readVersion } from "@nova-agent/host";
import { waitFor } from "@nova-agent/testbed";
import { GUEST_START_TIMEOUT_MS, PROGRAM_TIMEOUT_MS } from "../../limits.ts";
import { readInterface, wantedInterface } from "../guest-network.ts";
import { readJournal, readUnit, readUnits } from "../guest-units.ts";
import { pings } from "../networks.ts";
import { type VmData, writeVmData } from "../vm-data.ts";
import { wantedLater } from "../wanted.ts";
import { measured, type World } from "../world.ts";
import { xenTest } from "../xen-test.ts";

/** What stands in the unit, as systemd has understood it. */
const settings = {
  Type: "notify",
  ActiveState: "active",
  SubState: "running",
  UnitFileState: "enabled",
  Restart: "on-failure",
  RestartUSec: "5s",
  RestartPreventExitStatus: "64 78",
  // The agent tells that it lives with each look for requests, every 10 s.
  WatchdogUSec: "1min",
  TimeoutStartUSec: "6min",
  TimeoutStopUSec: "45s",
  KillMode: "process",
  LimitCORE: "0",
};

/** systemd as the agent's service manager: its settings, its restarts, and what they leave alone. */
export function systemdService(world: World): void {
  const { guest, connector } = world;

  xenTest(world, "the unit is active, and its settings are those of its file", async () => {
    const unit = await readUnit(guest, "nova-agent.service");
    const own = Object.fromEntries(Object.keys(settings).map((name) => [name, unit[name]]));
    assert.deepEqual(own, settings);
  });

  xenTest(world, "an agent that is killed is started again and answers", async () => {
    const pid = await guest.run("agent-pid");
    const before = await look(world);
    await guest.run(`kill -KILL ${pid}`);
    await waitFor(async () => (await readUnit(guest, "nova-agent.service"))["NRestarts"] === "1", {
      what: "systemd's restart of the agent",
      timeoutMs: PROGRAM_TIMEOUT_MS,
    });
    await readVersion(connector, { domid: guest.domid, timeoutMs: GUEST_START_TIMEOUT_MS });
    const { ActiveState, Result } = await readUnit(guest, "nova-agent.service");
    assert.deepEqual([ActiveState, Result], ["active", "success"]);
    assert.notEqual(await guest.run("agent-pid"), pid);
    assert.equal(await look(world), before);
  });

  restarts(world);
}

function restarts(world: World): void {
  const { guest, connector, xenstore } = world;
  const restart = async (): Promise<void> => {
    await guest.run("systemctl restart nova-agent.service");
    // Requests are served when the start-up work is done.
    await readVersion(connector, { domid: guest.domid, timeoutMs: GUEST_START_TIMEOUT_MS });
  };

  xenTest(world, "an agent that starts where all is as wanted writes and restarts nothing", async () => {
    const before = await look(world);
    await guest.run("ip monitor link address route >/run/monitor & echo $! >/run/monitor.pid");
    await restart();
    await guest.run("kill $(cat /run/monitor.pid)");
    assert.equal(await guest.run("cat /run/monitor"), "", "The kernel's network was touched");
    assert.equal(await look(world), before);
  });

  const [publicEntry, privateEntry] = wantedLater.networking;
  const moved = { ...privateEntry, ips: [{ ip: "10.208.227.240", netmask: "255.255.224.0", enabled: "1" }] };
  const data = { ...wantedLater, networking: [publicEntry, moved] } as VmData;

  xenTest(world, "an agent that starts where one address is another one changes that one", async () => {
    await writeVmData(xenstore, { domid: guest.domid, data });
    const seen = (await readJournal(guest, "systemd-networkd.service")).length;
    const hostname = await guest.run("stat -c '%i %z' /etc/hostname /etc/hosts");
    const services = await lookAtServices(world);
    await restart();
    for (const entry of data.networking) {
      assert.deepEqual(await readInterface(guest, entry.mac), wantedInterface(entry));
    }
    assert.ok(await pings("10.208.227.240"));
    assert.ok(await pings("198.51.100.20"));
    assert.equal(await pings("10.208.227.239"), false);
    assert.equal(await guest.run("stat -c '%i %z' /etc/hostname /etc/hosts"), hostname);
    assert.equal(await lookAtServices(world), services);
    const lines = (await readJournal(guest, "systemd-networkd.service")).slice(seen);
    const touched = new Set(lines.flatMap(({ text }) => /^(\w+): Reconfiguring/.exec(text)?.[1] ?? []));
    // netplan tells systemd-networkd to configure all of its links anew (netplan-apply(8)).
    measured("Links configured anew for one other address", `${touched.size} of ${data.networking.length}`);
  });
}

/** Everything that a start may write or restart, as text to compare. */
async function look(world: World): Promise<string> {
  const files = "/etc/hostname /etc/hosts /etc/netplan /etc/netplan/* /run/systemd/network/*";
  const seen = await world.guest.run(`stat -c '%n %i %z' ${files} /etc/systemd /etc/resolv.conf`);
  return `${seen}${await lookAtServices(world)}`;
}

/** Each start of a service has an id of its own. */
async function lookAtServices({ guest }: World): Promise<string> {
  const names = ["systemd-networkd", "systemd-resolved", "dbus", "systemd-udevd"];
  const units = await readUnits(
    guest,
    names.map((name) => `${name}.service`),
  );
  return units.map((unit) => `${unit["Id"]} ${unit["InvocationID"]}`).join("\n");
}
