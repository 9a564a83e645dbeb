import assert from "node:assert/strict";
import test from "node:test";
import {
  type GuestSystem,
  guestSystemOf,
  guestSystems,
  systemNamed,
} from "../../src/browser/model/guest-system.ts";

/** As xe-daemon and others publish them. */
const told: readonly (readonly [distro: string, name: string, version: string, system: GuestSystem])[] = [
  ["debian", "Debian GNU/Linux 12 (bookworm)", "12.5", "systemd"],
  ["debian", "Debian GNU/Linux 7 (wheezy)", "7.11", "sysv"],
  ["ubuntu", "Ubuntu 24.04 LTS", "24.4", "systemd"],
  ["ubuntu", "Ubuntu 14.04.6 LTS", "14.4", "sysv"],
  ["centos", "CentOS release 6.10 (Final)", "6.10", "sysv"],
  ["rocky", "Rocky Linux 9.4", "9.4", "systemd"],
  ["alpine", "Alpine Linux v3.20", "3.20", "openrc"],
  ["gentoo", "Gentoo Linux", "", "openrc"],
  // Each object has a property of this name.
  ["constructor", "Debian GNU/Linux 7 (wheezy)", "7.11", "sysv"],
  ["devuan", "Devuan GNU/Linux 5", "5.0", "sysv"],
  ["amzn", "Amazon Linux 2023", "2023.4", "systemd"],
  ["freebsd", "FreeBSD 14.1-RELEASE", "14.1", "freebsd"],
  ["", "Microsoft Windows Server 2022 Standard", "10.0", "windows"],
  ["", "nova-agent demo guest (Debian 12)", "", "systemd"],
  ["", "", "", "unknown"],
];

for (const [distro, name, version, system] of told) {
  test(`a guest that tells "${name}" is looked at as ${system}`, () => {
    assert.equal(guestSystemOf({ distro, name, version }), system);
  });
}

test("a guest that tells nothing may run anything", () => {
  assert.equal(guestSystemOf(null), "unknown");
});

test("a name in a word is not taken for a distribution", () => {
  assert.equal(guestSystemOf({ distro: "other", name: "Notalpine Linux 1", version: "1" }), "systemd");
});

test("a system is found by its name, and nothing else is", () => {
  assert.deepEqual(guestSystems.map(systemNamed), [...guestSystems]);
  assert.equal(systemNamed("beos"), undefined);
});
