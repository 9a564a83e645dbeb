import assert from "node:assert/strict";
import { HostError, injectFile, readFeatures, readVersion, resetNetwork } from "@nova-agent/host";
import { AgentKiller, killPoints } from "../agent-killer.ts";
import { askRaw } from "../ask-raw.ts";
import { changePassword, verifiesPassword } from "../guest-password.ts";
import { pings } from "../networks.ts";
import { writeVmData } from "../vm-data.ts";
import { wantedInPlaceOf } from "../wanted.ts";
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
    xenTest(
      world,
      `password killed while ${point} is refused, and root has the old one or the new`,
      async () => {
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
        // The agreed key died with the agent.
        await assert.rejects(killer.survive(killPoints[point], { ask, look }), (error) => {
          assert.ok(error instanceof HostError && error.code === "GUEST_REFUSED", String(error));
          assert.match(error.message, /without key exchange/);
          return true;
        });
        await changePassword(world, wanted);
        assert.equal(await verifiesPassword(guest, wanted), true);
      },
    );
  }
}

function killedResets(world: World): void {
  const { connector, guest, xenstore } = world;
  const killer = new AgentKiller(guest);
  const file = "/etc/network/interfaces";

  for (const point of ["renaming", "startingSecondProgram", "startingFourthProgram"] as const) {
    xenTest(world, `resetnetwork killed while ${point} is done after the restart`, async () => {
      const old = await guest.run(`cat ${file}`);
      const { data, address } = wantedInPlaceOf(old);
      await writeVmData(xenstore, { domid: guest.domid, data });
      let seen = "";
      const { isConfirmed } = await killer.survive(killPoints[point], {
        ask: () => resetNetwork(connector, { domid: guest.domid }),
        look: async () => {
          seen = await guest.run(`cat ${file}`);
        },
      });
      assert.equal(isConfirmed, true);
      assert.ok(await pings(address), `${address} does not answer`);
      const now = await guest.run(`cat ${file}`);
      assert.ok(seen === old || seen === now, `Neither the old file nor the new one:\n${seen}`);
    });
  }
}
