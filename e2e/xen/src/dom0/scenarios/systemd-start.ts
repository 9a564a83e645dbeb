import assert from "node:assert/strict";
import { readVersion } from "@nova-agent/host";
import { waitFor } from "@nova-agent/testbed";
import { GUEST_START_TIMEOUT_MS, PROGRAM_TIMEOUT_MS } from "../../limits.ts";
import { interfaceName, readInterface, wantedInterface } from "../guest-network.ts";
import { readJournal, readUnit, readUnits, startOf } from "../guest-units.ts";
import { pings } from "../networks.ts";
import { writeVmData } from "../vm-data.ts";
import { wantedAtFirst } from "../wanted.ts";
import { measured, privateVif, publicVif, tell, type World } from "../world.ts";
import { xenTest } from "../xen-test.ts";

/** systemd boots a guest whose network netplan keeps, by systemd-networkd, and the host asks for nothing. */
export function systemdStart(world: World): void {
  firstBoot(world);
  networkAfterBoot(world);
}

function firstBoot(world: World): void {
  const { connector, guest, xenstore } = world;

  xenTest(world, "the agent of a guest that systemd boots answers", async () => {
    const { domid } = guest;
    await writeVmData(xenstore, { domid, data: wantedAtFirst });
    await guest.start();
    tell("The console obeys; systemd boots the guest");
    const { version } = await readVersion(connector, { domid, timeoutMs: GUEST_START_TIMEOUT_MS });
    assert.equal(await guest.run("nova-agent --version"), `nova-agent ${version}\n`);
  });

  xenTest(world, "systemd comes to the end of the boot with no unit failed and no order broken", async () => {
    tell("Waiting for the end of the boot");
    const { output } = await guest.shell.attempt("systemctl is-system-running --wait");
    const failed = await guest.run("systemctl --failed --no-legend --plain");
    assert.deepEqual([output, failed], ["running\n", ""]);
    const { output: broken } = await guest.shell.attempt(
      "journalctl --boot --grep 'ordering cycle|deleted to break' --quiet",
    );
    assert.equal(broken, "");
    const time = /= (.*)$/m.exec(await guest.run("systemd-analyze time"))?.[1];
    measured("Boot of the guest with systemd", time ?? "unknown");
    const memory = /^Mem:\s+(\d+)\s+(\d+)/m.exec(await guest.run("free --mebi"));
    measured("Its memory in use, with its root", `${memory?.[2]} of ${memory?.[1]} MiB`);
  });

  xenTest(
    world,
    "xe-daemon is started before the agent, and the agent before any service of the network",
    async () => {
      const names = [
        "xe-daemon.service",
        "nova-agent.service",
        "network-pre.target",
        "systemd-networkd.service",
      ];
      const units = await readUnits(guest, [...names, "network.target", "network-online.target"]);
      const [daemon, agent, beforeNetwork, networkd, network, online] = units.map(startOf);
      assert.ok(daemon && agent && beforeNetwork && networkd && network && online);
      const times = [daemon.began, daemon.done, agent.began, agent.done, beforeNetwork.done];
      times.push(networkd.began, networkd.done);
      times.push(network.done, online.done);
      assert.deepEqual(
        times.toSorted((a, b) => a - b),
        times,
      );
      measured("nova-agent.service, until it was ready", `${(agent.done - agent.began).toFixed(1)} s`);
      measured("network-online.target, behind the agent", `${(online.done - agent.done).toFixed(1)} s`);
    },
  );

  xenTest(world, "the agent has written host name and network by then, in files alone", async () => {
    const { done } = startOf(await readUnit(guest, "nova-agent.service"));
    const lines = await readJournal(guest, "nova-agent.service");
    const applied = lines.filter(({ text }) => text.includes("Applied host name and network"));
    assert.equal(applied.length, 1, JSON.stringify(lines));
    assert.match(applied[0]?.text ?? "", /"isBeforeNetwork":true/);
    assert.ok((applied[0]?.at ?? Infinity) < done);
    // Nobody has asked systemd-hostnamed yet, which is started when somebody does.
    assert.equal((await readUnit(guest, "systemd-hostnamed.service"))["InactiveExitTimestampMonotonic"], "0");
  });

  xenTest(world, "systemd-networkd brings each link up once, from what the agent wrote", async () => {
    const lines = await readJournal(guest, "systemd-networkd.service");
    for (const { mac } of [publicVif, privateVif]) {
      const name = await interfaceName(guest, mac);
      const own = lines.map(({ text }) => text).filter((text) => text.startsWith(`${name}: `));
      assert.deepEqual(
        own.filter((text) => /onfiguring|DHCP/.test(text)),
        [`${name}: Configuring with /run/systemd/network/10-netplan-${name}.network.`],
      );
    }
  });
}

function networkAfterBoot(world: World): void {
  const { guest, xenstore } = world;
  const read = (key: string) => xenstore.readText(`${guest.path}/${key}`);

  xenTest(world, "xe-daemon has told Dom0 what the guest is", async () => {
    assert.deepEqual(
      [await read("data/os_distro"), await read("data/os_majorver"), await read("attr/PVAddons/Installed")],
      ["debian", "12", "1"],
    );
    assert.match(await read("data/meminfo_total"), /^\d+$/);
    await waitFor(async () => (await read("attr/vif/0/ipv4/0").catch(() => "")) === "198.51.100.10", {
      what: "the address of the first VIF",
      timeoutMs: PROGRAM_TIMEOUT_MS,
    });
    assert.equal(await read("attr/vif/1/ipv4/0"), "10.208.227.239");
    assert.notEqual(await read("data/updated"), "");
  });

  xenTest(world, "what support articles have people type works", async () => {
    for (const command of [
      "systemctl status nova-agent",
      "systemctl status python3-nova-agent",
      "systemctl status xe-linux-distribution",
      "systemctl is-enabled nova-agent",
      "ps aux | grep -i nova-agent | grep -v grep",
    ]) {
      await guest.run(command);
    }
  });

  xenTest(world, "a service that waits for the network finds host name and addresses", async () => {
    const seen = await guest.run("cat /run/at-network-online");
    assert.match(seen, /^web-1$/m);
    for (const address of ["198.51.100.10/24", "2001:db8:51::10/64", "10.208.227.239/19"]) {
      assert.ok(seen.includes(address), `${address} is not in\n${seen}`);
    }
  });

  xenTest(world, "the kernel has the addresses and routes that are wanted, and no others", async () => {
    for (const entry of wantedAtFirst.networking) {
      assert.deepEqual(await readInterface(guest, entry.mac), wantedInterface(entry));
    }
    for (const address of ["198.51.100.10", "2001:db8:51::10", "10.208.227.239"]) {
      assert.ok(await pings(address), `${address} does not answer`);
    }
  });

  xenTest(
    world,
    "systemd-resolved has the name server on its link, and keeps the resolver's file",
    async () => {
      const name = await interfaceName(guest, publicVif.mac);
      assert.match(await guest.run(`resolvectl dns ${name}`), /: 198\.51\.100\.1\n$/);
      assert.equal(await guest.run("readlink /etc/resolv.conf"), "../run/systemd/resolve/stub-resolv.conf\n");
      assert.match(await guest.run("cat /run/systemd/resolve/resolv.conf"), /^nameserver 198\.51\.100\.1$/m);
    },
  );

  xenTest(world, "systemd-hostnamed has the host name", async () => {
    assert.equal(await guest.run("hostnamectl --static"), "web-1\n");
    assert.equal(await guest.run("hostname"), "web-1\n");
    assert.match(await guest.run("cat /etc/hosts"), /^127\.0\.1\.1\s+web-1$/m);
  });
}
