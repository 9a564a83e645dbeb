import assert from "node:assert/strict";
import { type DomainInfo, HostError, readVersion } from "@nova-agent/host";
import { GUEST_START_TIMEOUT_MS } from "../../limits.ts";
import { type DiskHost, domainOf } from "../disk-host.ts";
import { type Instances, openInstances, secretOf } from "../instances.ts";
import { measured, tell } from "../world.ts";
import { xenTest } from "../xen-test.ts";

const firstPassword = "First of all 1";

/** How the disk of a system is repaired from the rescue system. */
interface Repair {
  readonly what: string;
  /** Of the rescue system. */
  readonly rescuePassword: string;
  /** That the repaired system is to have. */
  readonly password: string;
  /** What somebody types in the rescue system, who knows the new password. */
  readonly commands: (password: string) => string;
}

const repairs: readonly Repair[] = [
  {
    what: "mount, chroot, passwd and systemctl enable",
    rescuePassword: "In rescue mode 2",
    password: "Typed in a chroot 3",
    commands: (password) => `
      chroot /mnt/rescue sh -e -c '
        printf "%s\\n" "${password}" "${password}" | passwd
        systemctl enable nova-agent'`,
  },
  {
    what: "nova-agent rescue",
    rescuePassword: "In rescue mode 4",
    password: "Of the agent's rescue 5",
    commands: (password) => `echo "${password}" | nova-agent rescue --root /mnt/rescue`,
  },
];

/** An instance with systemd on a disk, whose agent does not start and whose password nobody knows. */
export function rescue(host: DiskHost): void {
  let instances: Instances;
  let id: string;
  let password = firstPassword;

  xenTest(host, "an instance with systemd is built on a disk, and is active", async () => {
    instances = await openInstances(host);
    const startedAt = performance.now();
    // netplan takes longer than all else of a boot, and another run shows what it does.
    const built = await instances.build({ kind: "systemd", password, hasNetwork: false });
    id = built.id;
    assert.equal(built.vmState, "active");
    measured("Build of an instance with systemd on a disk", secondsSince(startedAt));
    const guest = await domainOf(host, id);
    assert.ok(await verifies(host, guest, password));
    assert.equal(await host.run(guest, "findmnt -n -o SOURCE,FSTYPE /"), "/dev/xvda1 ext4\n");
  });

  for (const repair of repairs) {
    xenTest(host, `a broken agent is one that does not answer, before ${repair.what}`, async () => {
      await breakAgent(host, id);
      const guest = await domainOf(host, id);
      assert.equal(await verifies(host, guest, password), false);
      await assert.rejects(
        readVersion(host.connector, { domid: guest.domid, timeoutMs: 1000 }),
        (error) => error instanceof HostError && error.code === "GUEST_TIMEOUT",
      );
    });

    xenTest(host, `a rescue system has the instance's disk, for ${repair.what}`, async () => {
      const startedAt = performance.now();
      const { service, ask, settled } = instances;
      await service.rescue(ask(), id, { adminPass: secretOf(repair.rescuePassword) });
      assert.equal((await settled(id)).vmState, "rescued");
      measured("Rescue", secondsSince(startedAt));
      const guest = await domainOf(host, id);
      assert.ok(await verifies(host, guest, repair.rescuePassword));
      assert.equal(await host.run(guest, "hostname"), "RESCUE-web\n");
      assert.equal(await host.run(guest, "findmnt -n -o SOURCE /"), "/dev/xvda1\n");
      await host.run(guest, "mkdir -p /mnt/rescue && mount /dev/xvdb1 /mnt/rescue");
      assert.equal(await host.run(guest, "cat /mnt/rescue/root/broken"), "broken\n");
    });

    xenTest(host, `an instance is repaired by ${repair.what}`, async () => {
      const rescueGuest = await domainOf(host, id);
      tell(await host.run(rescueGuest, `set -e\n${repair.commands(repair.password)}\numount /mnt/rescue`));
      const startedAt = performance.now();
      const { service, ask, settled } = instances;
      await service.unrescue(ask(), id);
      assert.equal((await settled(id)).vmState, "active");
      const guest = await domainOf(host, id);
      await readVersion(host.connector, { domid: guest.domid, timeoutMs: GUEST_START_TIMEOUT_MS });
      measured("Unrescue, until the agent answers", secondsSince(startedAt));
      password = repair.password;
      assert.ok(await verifies(host, guest, password));
      assert.equal(await host.run(guest, "systemctl is-enabled nova-agent"), "enabled\n");
      assert.equal(await host.run(guest, "cat /root/broken"), "broken\n");
    });
  }

  xenTest(host, "an instance that is removed leaves no domain and no disk", async () => {
    await instances.remove(id);
    await instances.service.close();
    assert.equal(await host.toolstack.find(id), undefined);
    assert.equal(await host.hasDisks(id), false);
  });
}

/** The agent neither runs nor starts, and root has a password that nobody has seen. */
async function breakAgent(host: DiskHost, id: string): Promise<void> {
  await host.run(
    await domainOf(host, id),
    `set -e
    systemctl disable --now nova-agent
    printf 'root:%s\\n' "$(head -c 24 /dev/urandom | base64)" | chpasswd
    echo broken >/root/broken
    sync`,
  );
}

/** See `verifiesPassword`. */
async function verifies(host: DiskHost, guest: DomainInfo, password: string): Promise<boolean> {
  const base64 = Buffer.from(`${password}\0`).toString("base64");
  const { status } = await host.attempt(guest, `echo ${base64} | base64 -d | unix_chkpwd root nonull`);
  return status === 0;
}

function secondsSince(startedAt: number): string {
  return `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
}
