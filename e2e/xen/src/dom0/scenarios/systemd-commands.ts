import assert from "node:assert/strict";
import { RESET_ATTEMPTS_MAX } from "../../limits.ts";
import { runGuestctl } from "../guestctl.ts";
import { readInterface, wantedInterface } from "../guest-network.ts";
import { verifiesPassword } from "../guest-password.ts";
import { readJournal } from "../guest-units.ts";
import { pings } from "../networks.ts";
import { type VmData, writeVmData } from "../vm-data.ts";
import { wantedAtFirst, wantedLater } from "../wanted.ts";
import { measured, tell, type World } from "../world.ts";
import { xenTest } from "../xen-test.ts";

/** What an operator asks of a guest with systemd: its own programs carry it out. */
export function systemdCommands(world: World): void {
  const { guest, xenstore } = world;

  const run = async (command: string, stdin = ""): Promise<string> => {
    const { status, stdout, stderr } = await runGuestctl([command, guest.name], stdin);
    assert.equal(status, 0, stderr);
    return stdout;
  };
  const reset = async (data: VmData): Promise<string> => {
    await writeVmData(xenstore, { domid: guest.domid, data });
    for (let attempt = 1; ; attempt += 1) {
      const startedAt = performance.now();
      const { status, stderr } = await runGuestctl(["reset-network", guest.name]);
      if (status === 0) return `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
      assert.ok(stderr.includes("no time is left") && attempt < RESET_ATTEMPTS_MAX, stderr);
      tell(`This machine is too slow for the agent's limit of time; once more. ${stderr.trim()}`);
    }
  };

  xenTest(world, "guestctl version answers what the program in the guest says", async () => {
    assert.equal(await guest.run("nova-agent --version"), `nova-agent ${await run("version")}`);
  });

  xenTest(world, "guestctl password sets it by chpasswd and PAM", async () => {
    const password = "From the operator 43 ü";
    await run("password", `${password}\n`);
    assert.equal(await verifiesPassword(guest, password), true);
    assert.equal(await verifiesPassword(guest, `${password}!`), false);
    assert.match(await guest.run("grep ^root: /etc/shadow"), /^root:\$y\$/);
    const { status } = await guest.shell.attempt(`journalctl --boot --quiet --grep '${password}'`);
    assert.equal(status, 1, "The password is in the journal");
  });

  // Host name and network apart: under emulation both together take as long as a reset may at the most.
  xenTest(
    world,
    "a reset with another host name asks systemd-hostnamed for it, and nothing else",
    async () => {
      const lines = await readJournal(guest, "systemd-networkd.service");
      const { networking } = wantedAtFirst;
      measured("reset-network, another host name", await reset({ hostname: "web-2", networking }));
      assert.equal(await guest.run("hostnamectl --static; hostname; cat /etc/hostname"), "web-2\n".repeat(3));
      assert.match(await guest.run("cat /etc/hosts"), /^127\.0\.1\.1\s+web-2$/m);
      const asked = await readJournal(guest, "systemd-hostnamed.service");
      assert.ok(
        asked.some(({ text }) => text.includes("web-2")),
        JSON.stringify(asked),
      );
      assert.deepEqual(await readJournal(guest, "systemd-networkd.service"), lines);
    },
  );

  xenTest(world, "a reset with other addresses has netplan apply them to systemd-networkd", async () => {
    measured("reset-network, other addresses", await reset(wantedLater));
    for (const entry of wantedLater.networking) {
      assert.deepEqual(await readInterface(guest, entry.mac), wantedInterface(entry));
    }
    for (const address of ["198.51.100.20", "2001:db8:51::20", "10.208.227.239"]) {
      assert.ok(await pings(address), `${address} does not answer`);
    }
    assert.equal(await pings("198.51.100.10"), false, "The old address still answers");
    assert.equal(await guest.run("systemctl --failed --no-legend --plain"), "");
  });
}
