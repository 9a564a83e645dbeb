import assert from "node:assert/strict";
import { injectFile, readFeatures, readVersion, resetNetwork } from "@nova-agent/host";
import { GUEST_START_TIMEOUT_MS } from "../../limits.ts";
import { AgentKiller } from "../agent-killer.ts";
import { askRaw } from "../ask-raw.ts";
import type { Guest } from "../guest.ts";
import { changePassword, verifiesPassword } from "../guest-password.ts";
import { killPoints } from "../kill-points.ts";
import { pings } from "../networks.ts";
import { writeVmData } from "../vm-data.ts";
import { type WantedGuest, wantedInPlaceOf } from "../wanted.ts";
import type { World } from "../world.ts";
import { xenTest } from "../xen-test.ts";

/** The agent dies by SIGKILL in the middle of each command, and the service manager starts it again. */
export function killedAgent(world: World): void {
  killedQuestions(world);
  killedFiles(world);
  killedPasswords(world);
  killedResets(world);
}

function killedQuestions(world: World): void {
  const { connector, guest } = world;
  const killer = new AgentKiller(guest);
  const call = { domid: guest.domid };

  xenTest(world, "version killed as the agent reads it is answered after the restart", async () => {
    const { version } = await killer.survive(killPoints.talking, { ask: () => readVersion(connector, call) });
    assert.notEqual(version, "");
  });

  xenTest(world, "features killed as the agent reads it is answered after the restart", async () => {
    const { features } = await killer.survive(killPoints.talking, {
      ask: () => readFeatures(connector, call),
    });
    assert.ok(features.includes("password"));
  });

  xenTest(world, "keyinit killed as the agent reads it is answered after the restart", async () => {
    const request = Buffer.from(JSON.stringify({ name: "keyinit", value: "1234567890123456789" }));
    const { returncode } = await killer.survive(killPoints.talking, { ask: () => askRaw(world, request) });
    assert.equal(returncode, "D0");
  });
}

const fileKills = [
  ["injectfile", "syncing"],
  ["injectfile", "renaming"],
  ["injectfile", "renamingAgain"],
  ["file_inject", "renamingAgain"],
] as const;

function killedFiles(world: World): void {
  const { connector, guest } = world;
  const killer = new AgentKiller(guest);
  const path = "/srv/app.conf";

  for (const [command, point] of fileKills) {
    xenTest(
      world,
      `${command} killed while ${point} leaves the old file or the new, then the new`,
      async () => {
        const old = `before ${command} ${point}\n`.repeat(40);
        const content = `after ${command} ${point}\n`.repeat(40);
        await injectFile(connector, { domid: guest.domid, file: { path, content: Buffer.from(old) } });
        const ask = () => askRaw(world, encodeInjection(command, { path, content }));
        const look = async (): Promise<void> => {
          const seen = await guest.run(`cat ${path}`);
          assert.ok(seen === old || seen === content, `Neither the old file nor the new one:\n${seen}`);
        };
        assert.equal((await killer.survive(killPoints[point], { ask, look })).returncode, "0");
        assert.equal(await guest.run(`cat ${path}`), content);
      },
    );
  }

  xenTest(world, "killed agents have left no temporary file", async () => {
    await injectFile(connector, { domid: guest.domid, file: { path, content: Buffer.from("last") } });
    assert.doesNotMatch(await guest.run("ls -A /srv"), /\.tmp$/m);
  });
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

function encodeInjection(command: string, file: { path: string; content: string }): Uint8Array {
  const value =
    command === "injectfile"
      ? base64(`${file.path},${file.content}`)
      : { b64_path: base64(file.path), b64_file: base64(file.content) };
  return Buffer.from(JSON.stringify({ name: command, value }));
}

function killedPasswords(world: World): void {
  const { guest } = world;
  const killer = new AgentKiller(guest);
  const passwords = ["The old one 1", "The new one 2"];

  for (const point of ["startingProgram", "reapingProgram"] as const) {
    xenTest(world, `password killed while ${point} leaves the old one or the new, then the new`, async () => {
      const [old = "", wanted = ""] = passwords;
      await changePassword(world, old);
      const ask = () => changePassword(world, wanted);
      const look = async (): Promise<void> => {
        const shadow = await guest.run("cat /etc/shadow");
        assert.match(
          shadow,
          /^root:\$y\$[^:\n]+:\d+:0:99999:7:::\ndaemon:\*:19000:0:99999:7:::\nnobody:\*:19000:/,
        );
        const verdicts = [await verifiesPassword(guest, old), await verifiesPassword(guest, wanted)];
        assert.equal(verdicts.filter(Boolean).length, 1, shadow);
      };
      // The agreed key died with the agent, so that the host begins anew.
      await killer.survive(killPoints[point], { ask, look });
      assert.equal(await verifiesPassword(guest, wanted), true);
    });
  }
}

const resetKills = [
  "recordingSteps",
  "stoppingInterface",
  "replacingFile",
  "replacedFile",
  "startingInterface",
  "startedInterface",
  "endingRecords",
] as const;

function killedResets(world: World): void {
  const { connector, guest, xenstore } = world;
  const killer = new AgentKiller(guest);
  const file = "/etc/network/interfaces";

  for (const point of resetKills) {
    xenTest(world, `resetnetwork killed while ${point} is taken back, then done`, async () => {
      const old = await guest.run(`cat ${file}`);
      const takenBack = await readTakenBack(guest);
      const wanted = wantedInPlaceOf(old);
      await writeVmData(xenstore, { domid: guest.domid, data: wanted.data });
      let seen = "";
      const { isConfirmed } = await killer.survive(killPoints[point], {
        ask: () => resetNetwork(connector, { domid: guest.domid, timeoutMs: GUEST_START_TIMEOUT_MS }),
        look: async () => {
          seen = await guest.run(`cat ${file}`);
        },
      });
      assert.equal(isConfirmed, true);
      const now = await guest.run(`cat ${file}`);
      assert.ok(seen === old || seen === now, `Neither the old file nor the new one:\n${seen}`);
      await assertHasNetwork(guest, wanted);
      const [last = "", ...more] = (await readTakenBack(guest)).slice(takenBack.length);
      assert.match(last, /"losses":""/);
      assert.deepEqual(more, []);
    });
  }

  xenTest(world, "killed resets have left no record and no temporary file", async () => {
    const names = await guest.run("ls -A /etc /etc/network /var/lib/nova-agent");
    assert.doesNotMatch(names, /\.tmp$|^journal$/m);
  });
}

/** What agents have said of changes that were cut off. */
async function readTakenBack(guest: Guest): Promise<readonly string[]> {
  const log = await guest.run("cat /var/log/nova-agent.log");
  return log.split("\n").filter((line) => line.includes("Took back a change that was cut off"));
}

/** In its file, in ifup's state and in its kernel, where nothing is left of another one. */
async function assertHasNetwork(guest: Guest, { address, address6 }: WantedGuest): Promise<void> {
  assert.ok((await guest.run("cat /etc/network/interfaces")).includes(`${address}/`));
  assert.match(await guest.run("cat /run/network/ifstate"), /^eth0=eth0$/m);
  const addresses = await guest.run("ip -oneline address show dev eth0 scope global");
  const found = Array.from(addresses.matchAll(/ inet6? (\S+)/g), (match) => match[1]);
  assert.deepEqual(found, [`${address}/24`, address6]);
  const routes = await guest.run("ip route show default; ip -6 route show default");
  assert.deepEqual(
    Array.from(routes.matchAll(/^default via (\S+) dev eth0/gm), (match) => match[1]),
    ["198.51.100.1", "2001:db8:51::1"],
  );
  assert.ok(await pings(address), `${address} does not answer`);
}
