import assert from "node:assert/strict";
import { test } from "node:test";
import {
  placeProblem,
  repairSteps,
  rescuedSystemNamed,
  rescuedSystemOf,
  rescuedSystems,
} from "../../src/browser/model/repair-steps.ts";

const places = { partition: "/dev/xvdc2", directory: "/mnt/rescue-disk" };

const commandsOf = (system: (typeof rescuedSystems)[number]): string =>
  repairSteps(system, places)
    .map(({ commands = "" }) => commands)
    .join("\n");

const named = (name: string, osType?: string) => rescuedSystemOf({ name, os_type: osType });

for (const system of rescuedSystems) {
  test(`the repair of ${system} uses the places that were given, mounts first and unmounts last`, () => {
    const commands = commandsOf(system);
    assert.match(commands, /mount (?:.* )?\/dev\/xvdc2 \/mnt\/rescue-disk\n/u);
    assert.ok(commands.endsWith("umount /mnt/rescue-disk"), commands);
    assert.doesNotMatch(commands, /xvdb|\/mnt\/rescue(?!-disk)/u);
  });
}

test("Linux is examined and repaired by the agent's own commands", () => {
  for (const system of ["debian", "red-hat", "linux"] as const) {
    const commands = commandsOf(system);
    for (const command of ["doctor", "rescue"]) {
      assert.ok(commands.includes(`nova-agent ${command} --root /mnt/rescue-disk\n`), commands);
    }
    assert.ok(commands.includes("chroot /mnt/rescue-disk passwd root\n"));
  }
  assert.match(commandsOf("red-hat"), /^rpm --root \/mnt\/rescue-disk -q nova-agent$/mu);
  assert.match(commandsOf("debian"), /^dpkg --root=\/mnt\/rescue-disk -s nova-agent$/mu);
});

test("what Linux can only read is mounted to be read", () => {
  assert.match(commandsOf("freebsd"), /^mount -t ufs -o ro,/mu);
  for (const system of ["freebsd", "windows"] as const)
    assert.doesNotMatch(commandsOf(system), /nova-agent/u);
});

test("the system is told by the image", () => {
  assert.equal(named("Rocky Linux 9", "linux"), "red-hat");
  assert.equal(named("ubuntu-24.04", "linux"), "debian");
  assert.equal(named("Server 2022", "windows"), "windows");
  assert.equal(named("FreeBSD 14", "linux"), "freebsd");
  assert.equal(named("openSUSE", "linux"), "linux");
  assert.equal(named("whatever"), "linux");
});

test("only a plain path stands in commands", () => {
  assert.equal(placeProblem("/dev/disk/by-label/root_1"), undefined);
  assert.equal(placeProblem("dev/xvdb1"), "It begins with /");
  for (const path of ["/mnt/a b", "/mnt;reboot", "/mnt/$(id)", "/mnt\n/x", "/"]) {
    assert.equal(placeProblem(path) === undefined, path === "/", path);
  }
});

test("a system that nobody knows is none", () => {
  assert.equal(rescuedSystemNamed("debian"), "debian");
  assert.equal(rescuedSystemNamed("plan9"), undefined);
});
