import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { HostError, injectFile, readFeatures, resetNetwork, sendRequest } from "@nova-agent/host";
import { askRaw } from "../ask-raw.ts";
import { changePassword, verifiesPassword } from "../guest-password.ts";
import { pings } from "../networks.ts";
import { writeVmData } from "../vm-data.ts";
import { wantedLater } from "../wanted.ts";
import { measured, type World } from "../world.ts";
import { xenTest } from "../xen-test.ts";

const REQUESTS_IN_A_ROW = 200;
/** Bytes of XenStore's largest packet, and of the largest value that oxenstored takes (quota-maxsize). */
const packetBytes = 4096;
const oxValueBytes = 2048;

/** Each command once, with its effect in the guest. */
export function commands(world: World): void {
  const { connector, guest, server, xenstore } = world;
  const call = { domid: guest.domid };

  xenTest(world, "the agent lists what it can do", async () => {
    const { features } = await readFeatures(connector, call);
    for (const name of [
      "version",
      "features",
      "keyinit",
      "password",
      "injectfile",
      "file_inject",
      "resetnetwork",
      "doctor",
    ]) {
      assert.ok(features.includes(name), `${name} is not in ${features.join()}`);
    }
  });

  xenTest(world, "root has the new password, and PAM accepts no other", async () => {
    const password = `Correct horse: ${randomBytes(6).toString("hex")} ü`;
    await changePassword(world, password);
    assert.equal(await verifiesPassword(guest, password), true);
    assert.equal(await verifiesPassword(guest, `${password}!`), false);
    const { status } = await guest.shell.attempt(`grep -F '${password}' /var/log/nova-agent.log`);
    assert.equal(status, 1, "The password is in the agent's log");
  });

  xenTest(world, "the largest file that one request carries arrives whole", async () => {
    const path = "/srv/images/large.bin";
    const content = randomBytes(largestFile({ path, domid: guest.domid, server }));
    await injectFile(connector, { ...call, file: { path, content } });
    const [sum] = (await guest.run(`sha256sum ${path}`)).split(" ");
    assert.equal(sum, createHash("sha256").update(content).digest("hex"));
    measured("Largest file in one request", `${content.length} bytes`);
  });

  xenTest(world, "a file that is larger by one step is refused at once, with the limit", async () => {
    const path = "/srv/images/larger.bin";
    const content = randomBytes(largestFile({ path, domid: guest.domid, server }) + 3);
    const limit = server === "ox" ? `${oxValueBytes} bytes a value` : "one packet of XenStore carries";
    await assert.rejects(injectFile(connector, { ...call, file: { path, content } }), (error) => {
      assert.ok(error instanceof HostError && error.code === "TOO_LARGE", String(error));
      assert.ok(error.message.includes(limit), error.message);
      return true;
    });
    assert.equal((await guest.shell.attempt(`test -e ${path}`)).status, 1);
  });

  xenTest(world, "resetnetwork moves the guest to its new addresses", async () => {
    await writeVmData(xenstore, { domid: guest.domid, data: wantedLater });
    assert.equal((await resetNetwork(connector, call)).isConfirmed, true);
    for (const address of ["198.51.100.20", "2001:db8:51::20", "10.208.227.239"]) {
      assert.ok(await pings(address), `${address} does not answer`);
    }
    for (const address of ["198.51.100.10", "2001:db8:51::10"]) {
      assert.equal(await pings(address), false, `${address} still answers`);
    }
    assert.equal(await guest.run("hostname"), "web-2\n");
  });

  xenTest(world, "an unknown command is refused by its name", async () => {
    const reply = await sendRequest(connector, { ...call, request: { name: "selfdestruct", value: "" } });
    assert.deepEqual([reply.returncode, reply.message], ["404", "No such agent command 'selfdestruct'"]);
  });

  xenTest(world, "malformed requests are answered, and the agent is still the same process", async () => {
    const pid = await guest.run("cat /run/nova-agent.pid");
    for (const text of ["{", "", "null", "[]", '{"name":5}', '{"name":"keyinit","value":"x"}', "\0\u00ff"]) {
      const { returncode, message } = await askRaw(world, Buffer.from(text, "latin1"));
      assert.equal(returncode, "500", `${JSON.stringify(text)} was answered with ${returncode} ${message}`);
    }
    assert.equal(await guest.run("cat /run/nova-agent.pid; kill -0 $(cat /run/nova-agent.pid)"), pid);
  });

  xenTest(world, `${REQUESTS_IN_A_ROW} requests in a row are answered`, async () => {
    const times: number[] = [];
    for (let index = 0; index < REQUESTS_IN_A_ROW; index += 1) {
      const startedAt = performance.now();
      const { isDone } = await sendRequest(connector, {
        ...call,
        request: { name: "version", value: "agent" },
      });
      assert.equal(isDone, true);
      times.push(performance.now() - startedAt);
    }
    times.sort((left, right) => left - right);
    const at = (share: number): string => `${times[Math.floor((times.length - 1) * share)]?.toFixed(1)} ms`;
    measured("version, Dom0 to guest and back, median", at(0.5));
    measured("version, Dom0 to guest and back, 99 %", at(0.99));
  });
}

/** Bytes of the largest file whose request, in JSON and base64, is taken by this server. */
function largestFile(options: { path: string; domid: number; server: World["server"] }): number {
  const { path, domid, server } = options;
  const b64Path = Buffer.from(path).toString("base64");
  const envelope = JSON.stringify({ name: "file_inject", value: { b64_path: b64Path, b64_file: "" } });
  const uuid = 36;
  const requestPath = `/local/domain/${domid}/data/host/`.length + uuid + 1;
  const room = server === "ox" ? oxValueBytes : packetBytes - requestPath;
  return Math.floor((room - envelope.length) / 4) * 3;
}
